using Microsoft.Extensions.Time.Testing;
using NanoBanana.Client.Images.Inline;

namespace NanoBanana.Client.Tests.Images.Inline;

/// <summary>How the features of a terminal are detected, and which queries it receives.</summary>
public sealed class TerminalProbeTests
{
    private const string Attributes = "\u001b[c";
    private const string Name = "\u001b[>q";
    private const string KittyQuery = "\u001b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u001b\\";

    private readonly FakeTimeProvider _time = new();
    private readonly Dictionary<string, string> _environment = new() { ["TERM"] = "xterm-256color" };
    private readonly List<string> _tmuxFormats = [];
    private string? _tmuxAnswer;

    [Fact]
    public void Kitty_is_detected_by_its_answer()
    {
        ScriptedTerminal terminal = Kitty();

        InlineTerminal found = Ask(terminal);

        Assert.Equal(InlineProtocol.Kitty, found.Protocol);
        Assert.Equal(new PixelSize(9, 18), found.Cell);
        Assert.False(found.IsThroughTmux);
        Assert.Equal("", terminal.Unread);
    }

    [Fact]
    public void An_answer_in_single_characters_is_read_completely()
    {
        var terminal = new ScriptedTerminal(_time) { ReadLength = 1 }
            .Answering(Name, "\u001bP>|foot(1.16.2)\u001b\\").Answering(Attributes, "\u001b[?62;4;22c");

        Assert.Equal(InlineProtocol.Sixel, Ask(terminal).Protocol);
        Assert.Equal("", terminal.Unread);
    }

    [Theory]
    // Windows Terminal 1.22, which has no name. foot. xterm as VT340.
    [InlineData("", "\u001b[?61;4;6;7;14;21;22;23;24;28;32;42c")]
    [InlineData("foot(1.16.2)", "\u001b[?62;4;22c")]
    [InlineData("XTerm(379)", "\u001b[?63;1;2;4;6;9;15;22c")]
    public void Sixel_is_detected_by_attribute_4(string name, string attributes) =>
        Assert.Equal(InlineProtocol.Sixel, Ask(Terminal(name, attributes)).Protocol);

    [Theory]
    // VTE. The Linux console of an older VTE with a 64 in its answer. A VT400 with level 4.
    [InlineData("VTE(7600)", "\u001b[?65;1;9c")]
    [InlineData("", "\u001b[?64;1;2;6;22c")]
    [InlineData("", "\u001b[?4;6c")]
    public void A_terminal_without_attribute_4_shows_no_images(string name, string attributes) =>
        Assert.Null(Ask(Terminal(name, attributes)).Protocol);

    [Fact]
    public void The_Sixel_limits_of_the_terminal_are_used()
    {
        ScriptedTerminal terminal = Terminal("XTerm(379)", "\u001b[?63;1;2;4;6c")
            .Answering("\u001b[?1;1;0S", "\u001b[?1;0;16S").Answering("\u001b[?2;1;0S", "\u001b[?2;0;1000;800S");

        InlineTerminal found = Ask(terminal);

        Assert.Equal(16, found.Colors);
        Assert.Equal(new PixelSize(1000, 800), found.MaximumPixels);
        Assert.Equal("", terminal.Unread);
    }

    [Theory]
    [InlineData("iTerm2 3.5.0", "\u001b[?64;4c", "")]
    [InlineData("WezTerm 20240203-110809-5046fc22", "\u001b[?65;4;6;18;22c", "")]
    [InlineData("", "\u001b[?1;2c", "TERM_PROGRAM=iTerm.app")]
    // Over SSH, where sshd accepts LC_*.
    [InlineData("", "\u001b[?1;2c", "LC_TERMINAL=iTerm2")]
    [InlineData("xterm.js(5.6.0)", "\u001b[?62;4;9;22c", "TERM_PROGRAM=vscode")]
    public void ITerm2_is_detected_by_its_name(string name, string attributes, string variable)
    {
        Set(variable);
        Assert.Equal(InlineProtocol.ITerm2, Ask(Terminal(name, attributes)).Protocol);
    }

    [Theory]
    // Visual Studio Code without the setting for images. A terminal started from iTerm2 that inherits its variables.
    [InlineData("xterm.js(5.6.0)", "TERM_PROGRAM=vscode")]
    [InlineData("VTE(7600)", "LC_TERMINAL=iTerm2")]
    public void Variables_alone_are_not_sufficient(string name, string variable)
    {
        Set(variable);
        Assert.Null(Ask(Terminal(name, "\u001b[?1;2c")).Protocol);
    }

    [Fact]
    public void A_terminal_without_an_answer_costs_the_time_limit_once()
    {
        DateTimeOffset start = _time.GetUtcNow();
        var terminal = new ScriptedTerminal(_time);

        Assert.Null(Ask(terminal).Protocol);

        Assert.Single(terminal.Written);
        Assert.Equal(TerminalProbe.Limit, _time.GetUtcNow() - start);
    }

    [Theory]
    [InlineData("")]
    [InlineData("dumb")]
    [InlineData("linux")]
    [InlineData("eterm-color")]
    public void A_terminal_that_may_print_a_query_is_not_queried(string type)
    {
        _environment["TERM"] = type;
        AssertNotQueried();
    }

    [Theory]
    [InlineData("TERM_PROGRAM=Apple_Terminal")]
    [InlineData("STY=1234.pts-0.host")]
    public void A_terminal_known_to_show_no_images_is_not_queried(string variable)
    {
        Set(variable);
        AssertNotQueried();
    }

    [Fact]
    public void Windows_needs_no_terminal_type()
    {
        _environment.Remove("TERM");
        _environment["OS"] = "Windows_NT";
        Assert.Equal(InlineProtocol.Sixel, Ask(Terminal("", "\u001b[?61;4;6c")).Protocol);
    }

    [Fact]
    public void A_terminal_without_a_name_receives_no_sequence_that_it_may_print()
    {
        ScriptedTerminal terminal = Terminal("", "\u001b[?1;2c");
        Ask(terminal);
        // Only CSI, no APC.
        Assert.Equal("\u001b[>q\u001b[16t\u001b[14t\u001b[c", Assert.Single(terminal.Written));
    }

    [Fact]
    public void Typed_keys_are_not_read_as_an_answer()
    {
        ScriptedTerminal terminal = Kitty();
        terminal.Type("Get-Date\r");

        Assert.Null(Probe(terminal).Ask());

        Assert.Empty(terminal.Written);
        Assert.Equal("Get-Date\r", terminal.Unread);
    }

    [Fact]
    public void The_cell_size_is_computed_from_the_window_if_only_that_is_reported()
    {
        ScriptedTerminal terminal = Terminal("XTerm(330)", "\u001b[?63;4c").Answering("\u001b[14t", "\u001b[4;480;800t");
        Assert.Equal(new PixelSize(8, 16), Ask(terminal).Cell);
    }

    [Theory]
    [InlineData("\u001b[6;0;0t")]
    [InlineData("\u001b[4;0;0t")]
    [InlineData("")]
    public void Without_a_reported_cell_size_the_usual_one_is_used(string answer) =>
        Assert.Equal(InlineTerminal.UsualCell, Ask(Terminal("x(1)", "\u001b[?1;4c").Answering("\u001b[16t", answer)).Cell);

    [Fact]
    public void Tmux_with_sixel_receives_sixel()
    {
        InTmux("xterm-kitty|kitty(0.36)|1");
        InlineTerminal found = Ask(Terminal("tmux 3.5a", "\u001b[?1;2;4c"));
        Assert.Equal(InlineProtocol.Sixel, found.Protocol);
        Assert.False(found.IsThroughTmux);
        Assert.Empty(_tmuxFormats);
    }

    [Theory]
    [InlineData("xterm-kitty|kitty(0.36.4)|1", (int)InlineProtocol.Kitty)]
    [InlineData("xterm-256color|ghostty 1.1.0|on", (int)InlineProtocol.Kitty)]
    [InlineData("xterm-256color|iTerm2 3.5.0|all", (int)InlineProtocol.ITerm2)]
    [InlineData("xterm-256color|WezTerm 20240203|on", (int)InlineProtocol.ITerm2)]
    // Versions before 3.3 have no such option.
    [InlineData("xterm-kitty|kitty(0.36.4)|", (int)InlineProtocol.Kitty)]
    public void Tmux_passes_images_to_the_terminal_around_it(string answer, int protocol)
    {
        InTmux(answer);
        ScriptedTerminal terminal = Terminal("tmux 3.3a", "\u001b[?1;2c");

        InlineTerminal found = Ask(terminal);

        Assert.Equal((InlineProtocol)protocol, found.Protocol);
        Assert.True(found.IsThroughTmux);
        Assert.DoesNotContain(terminal.Written, written => written.Contains(KittyQuery, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("xterm-kitty|kitty(0.36.4)|0")]
    [InlineData("xterm-256color|iTerm2 3.5.0|off")]
    public void Tmux_without_passthrough_is_named_as_the_reason(string answer)
    {
        InTmux(answer);
        InlineTerminal found = Ask(Terminal("tmux 3.3a", "\u001b[?1;2c"));
        Assert.Null(found.Protocol);
        Assert.Contains("allow-passthrough", found.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("xterm-256color|VTE(7600)|on")]
    [InlineData("||on")]
    [InlineData("no server running")]
    [InlineData(null)]
    public void Tmux_in_an_unknown_terminal_shows_no_images(string? answer)
    {
        InTmux(answer);
        Assert.Null(Ask(Terminal("tmux 3.3a", "\u001b[?1;2c")).Protocol);
    }

    [Fact]
    public void Tmux_on_the_other_side_of_SSH_is_not_queried()
    {
        _tmuxAnswer = "xterm-kitty|kitty(0.36.4)|1";
        Assert.Null(Ask(Terminal("tmux 3.3a", "\u001b[?1;2c")).Protocol);
        Assert.Empty(_tmuxFormats);
    }

    [Fact]
    public void A_flood_of_input_ends_the_query()
    {
        ScriptedTerminal terminal = new ScriptedTerminal(_time) { ReadLength = 1 }.Answering(Attributes, new string('x', 100_000));
        Assert.Null(Ask(terminal).Protocol);
    }

    private ScriptedTerminal Kitty() => Terminal("kitty(0.36.4)", "\u001b[?62;c")
        .Answering("\u001b[16t", "\u001b[6;18;9t").Answering(KittyQuery, "\u001b_Gi=31;OK\u001b\\");

    private ScriptedTerminal Terminal(string name, string attributes)
    {
        var terminal = new ScriptedTerminal(_time);
        return (name.Length == 0 ? terminal : terminal.Answering(Name, $"\u001bP>|{name}\u001b\\")).Answering(Attributes, attributes);
    }

    private InlineTerminal Ask(ScriptedTerminal terminal) => Assert.IsType<InlineTerminal>(Probe(terminal).Ask());

    private TerminalProbe Probe(ScriptedTerminal terminal) =>
        new(terminal, _environment.GetValueOrDefault, new CellBox(100, 30), _time, format =>
        {
            _tmuxFormats.Add(format);
            return _tmuxAnswer;
        });

    private void AssertNotQueried()
    {
        ScriptedTerminal terminal = Kitty();
        Assert.Null(Ask(terminal).Protocol);
        Assert.Empty(terminal.Written);
    }

    private void InTmux(string? answer)
    {
        _environment["TMUX"] = "/tmp/tmux-0/default,1,0";
        _environment["TERM"] = "screen-256color";
        _tmuxAnswer = answer;
    }

    private void Set(string variable)
    {
        if (variable.Split('=') is [var name, var value])
            _environment[name] = value;
    }
}
