using NanoBanana.Help;

namespace NanoBanana.Module.Tests.Help;

/// <summary>A valid page, which tests read or make invalid at one place.</summary>
internal static class ValidPage
{
    public const string Text = """
        ---
        external help file: NanoBanana.dll-Help.xml
        Module Name: NanoBanana
        online version:
        schema: 2.0.0
        ---

        # Get-Thing

        ## SYNOPSIS

        Gets a `thing`.

        ## SYNTAX

        ### Name (Default)

        ```
        Get-Thing [-Name] <String[]> [[-Place] <String>] [-Size <Int32>]
         [-Force] [<CommonParameters>]
        ```

        ### Id

        ```
        Get-Thing -Id <String> [[-Place] <String>] [-Force] [<CommonParameters>]
        ```

        ## DESCRIPTION

        First, with **emphasis** and
        a line break.

        - one
        - two

        ## EXAMPLES

        ### Example 1: By name

        ```powershell
        Get-Thing spoon |
            Out-Null
        ```

        Says what it does.

        ### Example 2: Two

        ```powershell
        Get-Thing fork
        ```

        And this.

        ### Example 3: Three

        ```powershell
        Get-Thing knife
        ```

        And that.

        ## PARAMETERS

        ### -Force

        Does it anyway.

        ```yaml
        Type: SwitchParameter
        Parameter Sets: (All)
        Aliases:

        Required: False
        Position: Named
        Default value: False
        Accept pipeline input: False
        Accept wildcard characters: False
        ```

        ### -Id

        The id.

        ```yaml
        Type: String
        Parameter Sets: Id
        Aliases: ThingId, thing_id

        Required: True
        Position: Named
        Default value: None
        Accept pipeline input: True (ByPropertyName)
        Accept wildcard characters: False
        ```

        ### -Name

        The name.

        ```yaml
        Type: String[]
        Parameter Sets: Name
        Aliases:

        Required: True
        Position: 0
        Default value: None
        Accept pipeline input: True (ByPropertyName, ByValue)
        Accept wildcard characters: True
        ```

        ### -Place

        The place.

        ```yaml
        Type: String
        Parameter Sets: (All)
        Aliases:
        Accepted values: here, there

        Required: False
        Position: 1
        Default value: here
        Accept pipeline input: False
        Accept wildcard characters: False
        ```

        ### -Size

        The size.

        ```yaml
        Type: Int32
        Parameter Sets: Name
        Aliases:

        Required: False
        Position: Named
        Default value: 3
        Accept pipeline input: False
        Accept wildcard characters: False
        ```

        ### CommonParameters

        The usual ones.

        ## INPUTS

        ### System.String

        A name.

        ## OUTPUTS

        ### Thing

        The thing.

        ## NOTES

        A note.

        ## RELATED LINKS

        - [Elsewhere](https://example.org/)

        """;

    /// <summary>Reads the page after replacing a part of it.</summary>
    public static (CommandPage Page, IReadOnlyList<Problem> Problems) Read(string old = "", string replacement = "")
    {
        if (old.Length > 0)
            Assert.Contains(old, Text, StringComparison.Ordinal);
        var problems = new ProblemList();
        string text = old.Length > 0 ? Text.Replace(old, replacement, StringComparison.Ordinal) : Text;
        CommandPage page = CommandPageReader.Read(MarkdownPage.Parse("docs/Get-Thing.md", text), problems);
        return (page, [.. problems]);
    }
}
