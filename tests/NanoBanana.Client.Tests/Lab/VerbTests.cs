using System.CommandLine;
using System.Globalization;
using NanoBanana.Lab;

namespace NanoBanana.Client.Tests.Lab;

/// <summary>The common behavior of all verbs of the Lab.</summary>
public sealed class VerbTests
{
    private static readonly Option<int> Kills = Verb.Number("--kills", 100, minimum: 1, "Processes to kill.");
    private static readonly Option<double> Rate = Verb.Share("--rate", 0.1, "Share of requests that fail.");

    [Theory]
    [InlineData("--kills", "0", "--kills can't be '0'. Use a whole number of at least 1.")]
    [InlineData("--kills", "many", "--kills can't be 'many'. Use a whole number of at least 1.")]
    [InlineData("--rate", "1.5", "--rate can't be '1.5'. Use a number from 0 to 1, for example 0.1.")]
    [InlineData("--rate", "0,5", "--rate can't be '0,5'. Use a number from 0 to 1, for example 0.1.")]
    public void A_value_out_of_range_is_an_error_that_names_the_range(string option, string value, string message) =>
        Assert.Equal(message, Assert.Single(Parse(option, value).Errors).Message);

    [Fact]
    public void A_share_is_read_with_a_decimal_point_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            Assert.Equal(0.25, Parse("--rate", "0.25").GetValue(Rate));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void An_omitted_option_has_its_default() => Assert.Equal((100, 0.1), (Parse().GetValue(Kills), Parse().GetValue(Rate)));

    [Fact]
    public async Task A_broken_promise_is_exit_code_1_and_success_is_0()
    {
        Assert.Equal(1, await Create(_ => throw new LabException("A task was bought twice.")).Parse([]).InvokeAsync());
        Assert.Equal(0, await Create(_ => Task.FromResult("")).Parse([]).InvokeAsync());
    }

    private static ParseResult Parse(params string[] arguments) => Create(_ => Task.FromResult("")).Parse(arguments);

    private static Command Create(Func<ParseResult, Task<string>> run) => Verb.Create("crash", "Kills processes.", [Kills, Rate], run);
}
