using System.Globalization;
using System.Text.RegularExpressions;
using NanoBanana.Client.Gallery;
using NanoBanana.Client.Tests.Gallery.Browser;

namespace NanoBanana.Client.Tests.Gallery;

/// <summary>The page in a real browser, used like a person uses it.</summary>
public sealed class InBrowserTests(BrowserFixture browser) : GalleryTest, IClassFixture<BrowserFixture>
{
    private const string VisibleHeadings =
        "[...document.querySelectorAll('.card')].filter(card => card.checkVisibility()).map(card => card.querySelector('h2').textContent)";
    private const string Count = "document.getElementById('shown').textContent";
    private const string StatusText = "document.getElementById('said').textContent";
    private const string Pwned = "String(window.pwned)";

    [BrowserFact]
    public async Task A_hostile_prompt_runs_no_script_and_causes_no_browser_error()
    {
        Write(HostileEntries(), title: Hostile[4]);
        BrowserPage page = await browser.OpenAsync(Page);
        Assert.Equal(Hostile[4], await page.EvaluateAsync<string>("document.title"));
        await SettleAsync(page);
        Assert.Equal("undefined", await page.EvaluateAsync<string>(Pwned));
        Assert.Equal($"{2 * Hostile.Length} of {2 * Hostile.Length} shown", await page.EvaluateAsync<string>(Count));
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task A_hostile_prompt_runs_no_script_without_a_content_security_policy()
    {
        Write(HostileEntries(), title: Hostile[4]);
        await File.WriteAllTextAsync(
            Page, Regex.Replace(await File.ReadAllTextAsync(Page), "<meta http-equiv=\"Content-Security-Policy\"[^>]*>", ""));
        BrowserPage page = await browser.OpenAsync(Page);
        Assert.False(await page.EvaluateAsync<bool>("!!document.querySelector('meta[http-equiv]')"));
        await SettleAsync(page);
        Assert.Equal("undefined", await page.EvaluateAsync<string>(Pwned));
    }

    [BrowserFact]
    public async Task A_hostile_prompt_runs_no_script_without_escaping()
    {
        Write([new GalleryEntry(Task("MARK"), null)]);
        string html = await File.ReadAllTextAsync(Page);
        await File.WriteAllTextAsync(
            Page, html.Replace("MARK", string.Concat(Hostile[0], Hostile[1][2..], Hostile[5]), StringComparison.Ordinal));
        BrowserPage page = await browser.OpenAsync(Page);
        await SettleAsync(page);
        Assert.Equal("undefined", await page.EvaluateAsync<string>(Pwned));
        Assert.Contains(page.Errors, error => error.Contains("Content Security Policy", StringComparison.Ordinal));
        Assert.Equal("1 of 1 shown", await page.EvaluateAsync<string>(Count));
    }

    [BrowserFact]
    public async Task The_filter_is_reached_with_the_keyboard_and_searches_words()
    {
        Write(CreateEntries());
        BrowserPage page = await browser.OpenAsync(Page);
        Assert.Equal("4 of 4 shown", await page.EvaluateAsync<string>(Count));

        await page.PressAsync("Tab", "Tab");
        Assert.Equal("words", await page.EvaluateAsync<string>("document.activeElement.id"));
        await page.TypeAsync("FÜCHSE");
        Assert.Equal(["Zwei fuchse im Schnee"], await page.EvaluateAsync<string[]>(VisibleHeadings));
        Assert.Equal("1 of 4 shown", await page.EvaluateAsync<string>(Count));

        await page.TypeAsync(" nirgends");
        Assert.Empty(await page.EvaluateAsync<string[]>(VisibleHeadings));
        Assert.True(await page.EvaluateAsync<bool>("document.getElementById('nothing').checkVisibility()"));
    }

    [BrowserFact]
    public async Task The_filter_requires_every_word_in_any_order_and_searches_reasons_and_ids()
    {
        Write(CreateEntries());
        BrowserPage page = await browser.OpenAsync(Page);
        Assert.Equal(["an owl at dusk"], await FilterAsync(page, "dusk owl"));
        Assert.Equal(["a broken fox"], await FilterAsync(page, "refused"));
        Assert.Equal(["an elk"], await FilterAsync(page, "id-of-elk"));
        Assert.Equal(4, (await FilterAsync(page, " ")).Length);
    }

    [BrowserFact]
    public async Task Statuses_are_selected_with_arrow_keys_and_only_existing_ones_are_offered()
    {
        Write(CreateEntries());
        BrowserPage page = await browser.OpenAsync(Page);
        Assert.Equal(
            ["All 4", "Images 2", "Failed 1", "No file 1"],
            await page.EvaluateAsync<string[]>(
                "[...document.querySelectorAll('#states label')].filter(l => l.checkVisibility()).map(l => l.textContent)"));

        await page.PressAsync("Tab", "Tab", "Tab", "ArrowRight", "ArrowRight");
        Assert.Equal(["a broken fox"], await page.EvaluateAsync<string[]>(VisibleHeadings));
    }

    [BrowserFact]
    public async Task Images_are_shown_for_every_file_name_and_when_embedded()
    {
        string[] names = OperatingSystem.IsWindows()
            ? ["a b#100%25.png"]
            : ["a b#100%25.png", "\"quoted\" 'name' ?x=1&y.png", "javascript:alert(1).png", "雪 🦊.png", "back\\slash.png"];
        GalleryEntry[] entries = [.. names.Select(name => new GalleryEntry(Task("fox"), Image(name)))];
        foreach (bool embed in (bool[])[false, true])
        {
            Write(entries, embed, force: true);
            BrowserPage page = await browser.OpenAsync(Page);
            Assert.Equal(
                Enumerable.Repeat(2, names.Length),
                await page.EvaluateAsync<int[]>(
                    "Promise.all([...document.images].map(image => { image.loading = 'eager'; "
                    + "return image.decode().then(() => image.naturalWidth); }))"));
            Assert.Empty(page.Errors);
        }
    }

    [BrowserFact]
    public async Task A_long_prompt_is_collapsed_and_expands_with_the_keyboard()
    {
        Write([new GalleryEntry(Task(string.Join(' ', Enumerable.Repeat("a long prompt", 100))), null)]);
        BrowserPage page = await browser.OpenAsync(Page);
        const string Height = "document.querySelector('p.prompt').offsetHeight";
        int folded = await page.EvaluateAsync<int>(Height);
        await page.EvaluateAsync<bool>("document.querySelector('.more').focus() === undefined");
        await page.PressAsync("Enter");
        Assert.InRange(await page.EvaluateAsync<int>(Height), 3 * folded, int.MaxValue);
        Assert.Equal("true", await page.EvaluateAsync<string>("document.querySelector('.more').getAttribute('aria-expanded')"));
    }

    [BrowserFact]
    public async Task A_prompt_and_a_command_are_copied_with_the_keyboard_and_confirmed()
    {
        Write(CreateEntries());
        BrowserPage page = await browser.OpenAsync(Page);
        await page.EvaluateAsync<bool>("navigator.clipboard.writeText = async text => { window.copied = text; }, true");
        await PressCopyAsync(page, 1);
        Assert.Equal("Zwei fu\u0308chse im Schnee, lang beschrieben", await page.EvaluateAsync<string>("window.copied"));
        Assert.Equal(
            ("The prompt is copied.", "Copied"),
            (await page.EvaluateAsync<string>(StatusText), await page.EvaluateAsync<string>("document.activeElement.textContent")));

        await PressCopyAsync(page, 2);
        Assert.Equal(
            "New-NanoBananaImage -Prompt 'Zwei fu\u0308chse im Schnee, lang beschrieben' -AspectRatio 16:9 -Resolution 2K",
            await page.EvaluateAsync<string>("window.copied"));
        Assert.Equal("The command is copied.", await page.EvaluateAsync<string>(StatusText));
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task Without_the_clipboard_API_the_older_command_copies_else_the_prompt_is_selected()
    {
        Write(CreateEntries());
        BrowserPage page = await browser.OpenAsync(Page);
        await page.EvaluateAsync<bool>("""
            (() => {
              Object.defineProperty(navigator, 'clipboard', { value: undefined });
              document.addEventListener('copy', () => { window.copied = document.activeElement.value; });
              return true;
            })()
            """);
        await PressCopyAsync(page, 1);
        Assert.Equal(
            ("Zwei fu\u0308chse im Schnee, lang beschrieben", "The prompt is copied."),
            (await page.EvaluateAsync<string>("window.copied"), await page.EvaluateAsync<string>(StatusText)));

        await page.EvaluateAsync<bool>("document.execCommand = () => false, true");
        await PressCopyAsync(page, 1);
        Assert.Equal("Zwei fu\u0308chse im Schnee, lang beschrieben", await page.EvaluateAsync<string>("getSelection().toString()"));
        Assert.StartsWith("The prompt is selected.", await page.EvaluateAsync<string>(StatusText), StringComparison.Ordinal);
        Assert.Equal("BUTTON", await page.EvaluateAsync<string>("document.activeElement.tagName"));
    }

    [BrowserFact]
    public async Task An_image_opens_in_full_size_and_the_arrow_keys_show_the_others()
    {
        foreach (bool embed in (bool[])[false, true])
        {
            Write(CreateEntries(), embed, force: true);
            BrowserPage page = await browser.OpenAsync(Page);
            await page.EvaluateAsync<bool>("document.querySelector('.frame a, .frame .open').focus() === undefined");
            await page.PressAsync("Enter");
            Assert.Equal(("Zwei fuchse im Schnee", "1 of 2"), await ViewedAsync(page));
            await page.PressAsync("ArrowRight", "ArrowRight");
            Assert.Equal(("an owl at dusk", "2 of 2"), await ViewedAsync(page));
            Assert.Equal(
                2,
                await page.EvaluateAsync<int>(
                    "document.querySelector('#stage img').decode().then(() => document.querySelector('#stage img').naturalWidth)"));
            Assert.Equal(!embed, await page.EvaluateAsync<bool>("document.getElementById('open').checkVisibility()"));
            Assert.False(await page.EvaluateAsync<bool>("document.getElementById('before').checkVisibility()"));
            await page.PressAsync("ArrowLeft");
            Assert.Equal(("Zwei fuchse im Schnee", "1 of 2"), await ViewedAsync(page));
            await page.PressAsync("ArrowRight", "Escape");
            await UntilAsync(
                page,
                "!document.getElementById('viewer').open"
                + " && document.activeElement.closest('.card')?.querySelector('h2').textContent === 'an owl at dusk'");
            Assert.Empty(page.Errors);
        }
    }

    [BrowserFact]
    public async Task Cards_of_an_image_and_its_edit_link_to_each_other_and_before_and_after_are_compared()
    {
        string fox = Image("fox.png");
        ImageTask edit = Task("add a hat", "task-of-hat") with
        {
            ImageUrl = ["data:image/png;base64,(12 bytes, not kept)"], ImagePath = [fox],
        };
        Write(
        [
            GalleryEntry.OfFile(Image("hat.png"), edit, null),
            GalleryEntry.OfFile(fox, Task("a fox"), null),
            GalleryEntry.OfFile(Image("hut.png"), edit with { Prompt = "add a hut" }, null),
        ]);
        BrowserPage page = await browser.OpenAsync(Page);

        Assert.Equal(
            ["#card-2", "#card-2"],
            await page.EvaluateAsync<string[]>(
                "[...document.querySelectorAll('.sources .quiet a')].map(link => link.getAttribute('href'))"));
        Assert.Equal(
            "Edited into add a hat, add a hut", await page.EvaluateAsync<string>("document.querySelector('#card-2 .results').textContent"));

        // A link shows its target even if the filter hides it.
        Assert.Equal(["add a hut"], await FilterAsync(page, "hut"));
        await page.EvaluateAsync<bool>("document.querySelector('#card-3 .quiet a').click() === undefined");
        Assert.Equal(3, (await page.EvaluateAsync<string[]>(VisibleHeadings)).Length);

        await page.EvaluateAsync<bool>("document.querySelector('#card-3 .frame a').click() === undefined");
        await page.EvaluateAsync<bool>("document.getElementById('before').focus() === undefined");
        await page.PressAsync("Enter");
        Assert.EndsWith("/fox.png", await page.EvaluateAsync<string>("document.querySelector('#stage img').src"), StringComparison.Ordinal);
        Assert.Equal("true", await page.EvaluateAsync<string>("document.getElementById('before').getAttribute('aria-pressed')"));
        await page.PressAsync("Enter");
        Assert.EndsWith("/hut.png", await page.EvaluateAsync<string>("document.querySelector('#stage img').src"), StringComparison.Ordinal);
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task Thumbnails_are_shown_and_an_opened_image_is_shown_in_full_size()
    {
        await File.WriteAllBytesAsync(At("large #1.png"), ThumbnailTests.Noise(600, 600));
        using (var gallery = new GalleryPages(new GalleryOptions { Path = Page, Title = "x", Thumbnail = true }))
        {
            gallery.Add(new GalleryEntry(Task("fox"), At("large #1.png")), CancellationToken.None);
            gallery.Finish();
        }
        BrowserPage page = await browser.OpenAsync(Page);
        const string Width = "(image => image.decode().then(() => image.naturalWidth))";
        Assert.Equal(384, await page.EvaluateAsync<int>($"{Width}(document.querySelector('.frame img'))"));
        await page.EvaluateAsync<bool>("document.querySelector('.frame a').click() === undefined");
        Assert.Equal(600, await page.EvaluateAsync<int>($"{Width}(document.querySelector('#stage img'))"));
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task A_page_with_thousands_of_cards_filters_and_loads_only_nearby_images()
    {
        Write(Enumerable.Range(0, 5000).Select(i => new GalleryEntry(Task($"image number {i}.", $"task{i}"), Image($"{i}.png"))));
        BrowserPage page = await browser.OpenAsync(Page);
        Assert.Equal(["image number 4711."], await FilterAsync(page, "4711."));
        Assert.Equal(5000, (await FilterAsync(page, "")).Length);
        Assert.False(await page.EvaluateAsync<bool>("document.images[4999].complete"));
    }

    [BrowserFact]
    public async Task Text_has_sufficient_contrast_in_light_and_dark_mode()
    {
        GalleryEntry edit = GalleryEntry.OfFile(
            At("owl.png"),
            Task("a hat", "id-of-hat") with { ImagePath = [Image("fox.png")], ImageUrl = ["https://example.com/a.png"] },
            null);
        Write([.. CreateEntries(), edit]);
        BrowserPage page = await browser.OpenAsync(Page);
        var papers = new List<string>();
        foreach (string scheme in (string[])["light", "dark"])
        {
            await page.ShowAsAsync("screen", scheme);
            papers.Add(await page.EvaluateAsync<string>("getComputedStyle(document.documentElement).backgroundColor"));
            string[] parts =
            [
                "h1", ".summary", "h2", "p.prompt", "p.reason", "dt", "dd", "[data-state=failed] .frame p", "[data-state=missing] .frame p",
                "label[for=words]", "output", "fieldset span", "footer p", ".copy button", ".lineage p", ".sources a", ".sources .quiet",
            ];
            foreach (string part in parts)
                Assert.InRange(await ContrastAsync(page, part), 4.5, 21);
        }
        Assert.Equal(2, papers.Distinct().Count());
    }

    [BrowserFact]
    public async Task A_printed_page_shows_every_card_and_no_filter()
    {
        Write(CreateEntries());
        BrowserPage page = await browser.OpenAsync(Page);
        await page.ShowAsAsync("print", "dark");
        Assert.False(await page.EvaluateAsync<bool>("document.getElementById('filter').checkVisibility()"));
        Assert.Equal(4, (await page.EvaluateAsync<string[]>(VisibleHeadings)).Length);
        Assert.Equal("rgb(255, 255, 255)", await page.EvaluateAsync<string>("getComputedStyle(document.documentElement).backgroundColor"));
    }

    private GalleryEntry[] CreateEntries() =>
    [
        new(Task("Zwei fu\u0308chse im Schnee, lang beschrieben") with { Name = "Zwei fuchse im Schnee" }, Image("fox.png")),
        new(Task("an owl at dusk", "id-of-owl"), Image("owl.png")),
        new(Task("an elk", "id-of-elk"), At("gone.png")),
        new(Failed("a broken fox", "It was refused"), null),
    ];

    private GalleryEntry[] HostileEntries() =>
    [
        .. Hostile.Select((attack, i) => new GalleryEntry(
            Task(attack + new string('x', 300), attack) with { Name = attack, AspectRatio = attack }, Image($"{i}.png"))),
        .. Hostile.SelectMany(attack => GalleryEntry.OfTask(
            Failed(attack, attack, attack) with
            {
                ImageUrl = [attack, "data:image/png;base64,(12 bytes, not kept)"],
                ImagePath = [At(attack.Replace('/', '_').Replace('\0', '_'))],
            },
            null)),
    ];

    /// <summary>Waits until error and load handlers could run: they run in the next iterations of the event loop of the page.</summary>
    private static Task<bool> SettleAsync(BrowserPage page) => page.EvaluateAsync<bool>(
        "Promise.allSettled([...document.images].map(image => { image.loading = 'eager'; return image.decode(); }))"
        + ".then(() => new Promise(done => requestAnimationFrame(() => setTimeout(() => done(true)))))");

    /// <summary>Presses a copy button of the first card and waits for its effect.</summary>
    private static async Task PressCopyAsync(BrowserPage page, int button)
    {
        await page.EvaluateAsync<bool>($"document.querySelector('.copy button:nth-child({button})').focus() === undefined");
        await page.PressAsync("Enter");
        await UntilAsync(page, StatusText);
    }

    /// <summary>Waits until an expression is true.</summary>
    private static Task<bool> UntilAsync(BrowserPage page, string condition) =>
        page.EvaluateAsync<bool>(
            $"new Promise(done => {{ const look = () => {condition} ? done(true) : requestAnimationFrame(look); look(); }})");

    private static async Task<(string Heading, string Place)> ViewedAsync(BrowserPage page) =>
        (await page.EvaluateAsync<string>("document.getElementById('viewed').textContent"),
            await page.EvaluateAsync<string>("document.getElementById('place').textContent"));

    private static async Task<string[]> FilterAsync(BrowserPage page, string words)
    {
        await page.EvaluateAsync<bool>(
            "(() => { const box = document.getElementById('words'); box.focus(); box.select(); return true; })()");
        if (words.Length > 0)
            await page.TypeAsync(words);
        else
            await page.EvaluateAsync<bool>("document.execCommand('delete')");
        return await page.EvaluateAsync<string[]>(VisibleHeadings);
    }

    /// <summary>The contrast of a text with its background, as defined by WCAG 2.2, which requires at least 4.5.</summary>
    private static async Task<double> ContrastAsync(BrowserPage page, string selector)
    {
        string[] colors = await page.EvaluateAsync<string[]>($$"""
            (() => {
              let element = document.querySelector('{{selector}}');
              const color = getComputedStyle(element).color;
              while (getComputedStyle(element).backgroundColor === 'rgba(0, 0, 0, 0)') element = element.parentElement;
              return [color, getComputedStyle(element).backgroundColor];
            })()
            """);
        double[] lights = [.. colors.Select(Luminance).Order()];
        return (lights[1] + 0.05) / (lights[0] + 0.05);
    }

    private static double Luminance(string color)
    {
        double[] parts = [.. Regex.Matches(color, "[0-9.]+").Take(3)
            .Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture) / 255)
            .Select(part => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4))];
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    }
}
