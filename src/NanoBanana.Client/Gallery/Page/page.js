// The functions of the contact sheet: filter, copy, show an image in full size, and link an image to the images made from it.
// Without scripts the page is complete, except for these functions.
(() => {
  'use strict';
  const byId = id => document.getElementById(id);
  const filter = byId('filter');
  const words = byId('words');
  const states = filter.elements.state;
  const shown = byId('shown');
  const nothing = byId('nothing');

  // Case and accents are removed on both sides, so "Fuchs" finds "FÜCHSE".
  const fold = text => text.normalize('NFKD').replace(/\p{M}+/gu, '').toLowerCase();

  const cards = Array.from(document.querySelectorAll('.card'), element => ({
    element,
    state: element.dataset.state,
    heading: element.querySelector('h2').textContent,
    text: fold(Array.from(element.querySelectorAll('h2, p, dd'), part => part.textContent).join('\n')),
  }));

  function apply() {
    const wanted = fold(words.value).split(/\s+/).filter(Boolean);
    let count = 0;
    for (const card of cards) {
      const fits = (states.value === '' || states.value === card.state) && wanted.every(word => card.text.includes(word));
      card.element.hidden = !fits;
      count += fits ? 1 : 0;
    }
    shown.textContent = `${count} of ${cards.length} shown`;
    nothing.hidden = count > 0 || cards.length === 0;
  }

  function offerStates() {
    for (const radio of states) {
      const count = radio.value === '' ? cards.length : cards.filter(card => card.state === radio.value).length;
      const label = radio.closest('label');
      label.querySelector('span').textContent += ` ${count}`;
      label.hidden = radio.value !== '' && (count === 0 || count === cards.length);
    }
  }

  function foldLongPrompts() {
    for (const button of document.querySelectorAll('.more')) {
      button.hidden = false;
      button.addEventListener('click', () => {
        const open = button.previousElementSibling.classList.toggle('open');
        button.setAttribute('aria-expanded', String(open));
        button.textContent = open ? 'Show less' : 'Show all';
      });
    }
  }

  // The clipboard is available only to a page from a file or over https. The older way needs a selection.
  async function copy(text, holder) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const box = document.createElement('textarea');
      box.className = 'unseen';
      box.value = text;
      holder.append(box);
      box.select();
      try {
        return document.execCommand('copy');
      } finally {
        box.remove();
      }
    }
  }

  function offerCopies() {
    const said = byId('said');
    for (const button of document.querySelectorAll('.copy button')) {
      const name = button.textContent;
      const card = button.closest('.card');
      const prompt = card.querySelector('.prompt') ?? card.querySelector('h2');
      button.parentElement.hidden = false;
      button.addEventListener('click', async () => {
        said.textContent = '';
        const done = await copy(button.dataset.command ?? prompt.textContent, button.parentElement);
        button.focus();
        if (!done && !button.dataset.command) {
          prompt.classList.add('open');
          getSelection().selectAllChildren(prompt);
        }
        const what = button.dataset.command ? 'command' : 'prompt';
        said.textContent = done ? `The ${what} is copied.`
          : button.dataset.command ? 'The browser does not allow copying.' : 'The prompt is selected. Copy it with Ctrl+C or Command+C.';
        button.textContent = done ? 'Copied' : 'Not copied';
        button.addEventListener('blur', () => { button.textContent = name; }, { once: true });
      });
    }
  }

  function linkTo(card) {
    const link = document.createElement('a');
    link.href = `#${card.element.id}`;
    link.textContent = card.heading;
    link.addEventListener('click', () => {
      if (card.element.hidden) {
        words.value = '';
        states.value = '';
        apply();
      }
    });
    return link;
  }

  // A card is written before the images that are made from its image are known, so the page links them later.
  function showLineage() {
    const byFile = new Map(cards.filter(card => card.element.dataset.file).map(card => [card.element.dataset.file, card]));
    for (const card of cards) {
      for (const source of card.element.querySelectorAll('.sources li[data-file]')) {
        const origin = byFile.get(source.dataset.file);
        if (!origin || origin === card) continue;
        let made = source.querySelector('.quiet');
        if (!made) {
          made = document.createElement('span');
          made.className = 'quiet';
          source.querySelector('p').append(' ', made);
        }
        made.replaceChildren('shown here as ', linkTo(origin));
        let results = origin.element.querySelector('.results');
        if (!results) {
          results = document.createElement('div');
          results.className = 'lineage';
          const line = document.createElement('p');
          line.className = 'results';
          line.append('Edited into ');
          results.append(line);
          origin.element.querySelector('.copy, dl').before(results);
          results = line;
        } else if (Array.from(results.children).some(link => link.hash === `#${card.element.id}`)) {
          continue;
        } else {
          results.append(', ');
        }
        results.append(linkTo(card));
      }
    }
  }

  function offerViewer() {
    const viewer = byId('viewer');
    if (!viewer.showModal) return;
    const stage = byId('stage');
    const before = byId('before');
    const actual = byId('actual');
    const open = byId('open');
    const addressOf = image => image.closest('a')?.href || image.src;
    let current;

    const reachable = () => cards.filter(card => card.opener && !card.element.hidden);

    function show(card, isBefore) {
      current = card;
      const source = card.element.querySelector('.sources img');
      const original = isBefore ? source : card.image;
      // A new element, so the old image is not shown under the new name while the new image is loaded.
      const image = document.createElement('img');
      image.src = addressOf(original);
      stage.replaceChildren(image);
      image.alt = original.alt;
      byId('viewed').textContent = card.heading;
      const all = reachable();
      const at = all.indexOf(card);
      byId('place').textContent = `${at + 1} of ${all.length}`;
      byId('previous').disabled = at <= 0;
      byId('next').disabled = at + 1 >= all.length;
      before.hidden = !source;
      before.setAttribute('aria-pressed', String(isBefore));
      const link = original.closest('a');
      open.hidden = !link;
      if (link) open.href = link.href;
    }

    function move(by) {
      const all = reachable();
      const next = all[all.indexOf(current) + by];
      if (next) show(next, false);
    }

    for (const card of cards) {
      card.opener = card.element.querySelector('.frame a, .frame .open');
      if (!card.opener) continue;
      card.image = card.element.querySelector('.frame img');
      card.opener.hidden = false;
      card.opener.addEventListener('click', event => {
        // With a modifier key, the browser opens the file in a new tab or window.
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        show(card, false);
        viewer.showModal();
        byId('close').focus();
      });
    }
    byId('previous').addEventListener('click', () => move(-1));
    byId('next').addEventListener('click', () => move(1));
    byId('close').addEventListener('click', () => viewer.close());
    before.addEventListener('click', () => show(current, before.getAttribute('aria-pressed') === 'false'));
    actual.addEventListener('click', () => actual.setAttribute('aria-pressed', String(stage.classList.toggle('actual'))));
    viewer.addEventListener('keydown', event => {
      if (stage.classList.contains('actual') && document.activeElement === stage) return;
      if (event.key === 'ArrowLeft') move(-1);
      if (event.key === 'ArrowRight') move(1);
    });
    viewer.addEventListener('close', () => {
      stage.replaceChildren();
      current.element.scrollIntoView({ block: 'nearest' });
      current.opener.focus();
    });
  }

  document.documentElement.classList.add('live');
  offerStates();
  foldLongPrompts();
  offerCopies();
  showLineage();
  offerViewer();
  filter.hidden = false;
  filter.addEventListener('input', apply);
  filter.addEventListener('submit', event => event.preventDefault());
  apply();
})();
