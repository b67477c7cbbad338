// The filter of the contact sheet. Without scripts the page is whole; only the filter is not there.
(() => {
  'use strict';
  const filter = document.getElementById('filter');
  const words = document.getElementById('words');
  const states = filter.elements.state;
  const shown = document.getElementById('shown');
  const nothing = document.getElementById('nothing');

  // "Fuchs" finds "FÜCHSE" only if case and accents count for nothing on both sides.
  const fold = text => text.normalize('NFKD').replace(/\p{M}+/gu, '').toLowerCase();

  const cards = Array.from(document.querySelectorAll('.card'), element => ({
    element,
    state: element.dataset.state,
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

  document.documentElement.classList.add('live');
  offerStates();
  foldLongPrompts();
  filter.hidden = false;
  filter.addEventListener('input', apply);
  filter.addEventListener('submit', event => event.preventDefault());
  apply();
})();
