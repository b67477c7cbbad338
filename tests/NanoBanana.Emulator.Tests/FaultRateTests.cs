using System.Collections.Concurrent;

namespace NanoBanana.Emulator.Tests;

/// <summary>Faults by rate and by script: which requests meet one, and that it does not depend on who comes first.</summary>
public sealed class FaultRateTests
{
    private static readonly string[] Prompts = [.. Enumerable.Range(0, 200).Select(i => $"prompt {i}")];

    [Fact]
    public async Task The_same_seed_draws_the_same_faults_in_any_order_of_arrival()
    {
        var forwards = await RunAsync(7, Prompts);
        var backwards = await RunAsync(7, [.. Prompts.Reverse()]);
        var other = await RunAsync(8, Prompts);

        Assert.Equal(forwards, backwards);
        Assert.NotEqual(forwards, other);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.1, 8, 40)]
    [InlineData(1, 200, 200)]
    public async Task The_rate_is_the_share_of_requests_that_go_wrong(double rate, int fewest, int most)
    {
        using var provider = Start(rate, EmulatorFaultKind.ServerError);
        foreach (string prompt in Prompts)
            (await provider.PostAsync(Provider.Parameters(prompt))).Dispose();

        Assert.InRange(provider.Server.Counters.Faults, fewest, most);
    }

    [Fact]
    public async Task Equal_requests_draw_anew_each_time()
    {
        using var provider = Start(0.5, EmulatorFaultKind.ServerError);
        var codes = new HashSet<int>();
        for (int i = 0; i < 40; i++)
        {
            using var response = await provider.PostAsync(Provider.Parameters("the same"));
            codes.Add((int)response.StatusCode);
        }

        Assert.Equal([200, 500], codes.Order());
    }

    /// <summary>A hundred thousand draws of the usual kinds, without the wire.</summary>
    [Fact]
    public void Unless_it_is_chosen_no_fault_ends_a_clients_work_or_costs_its_time_out()
    {
        foreach (EmulatorOperation operation in Enum.GetValues<EmulatorOperation>())
        {
            var kinds = Draw(new EmulatorOptions { FaultRate = 1 }, operation, 20_000).Select(fault => fault.Kind).ToHashSet();
            EmulatorFaultKind[] left = [.. Enum.GetValues<EmulatorFaultKind>().Except(kinds)];

            EmulatorFaultKind[] costly = [EmulatorFaultKind.Unauthorized, EmulatorFaultKind.Forbidden, EmulatorFaultKind.NotFound, EmulatorFaultKind.Stall, EmulatorFaultKind.StallBody];
            EmulatorFaultKind[] elsewhere = operation switch
            {
                EmulatorOperation.Poll => [EmulatorFaultKind.ExpiredLink],
                EmulatorOperation.Download => [EmulatorFaultKind.StaleStatus, EmulatorFaultKind.CutJson],
                _ => [EmulatorFaultKind.StaleStatus, EmulatorFaultKind.ExpiredLink],
            };
            Assert.Equal(costly.Concat(elsewhere).Order(), left.Order());
        }
    }

    [Fact]
    public void What_says_that_nothing_was_done_comes_before_anything_is_done()
    {
        var options = new EmulatorOptions { FaultRate = 1, FaultKinds = Enum.GetValues<EmulatorFaultKind>() };
        EmulatorFault[] drawn = [.. Draw(options, EmulatorOperation.Create, 20_000)];

        Assert.DoesNotContain(drawn, fault => fault.IsAfterAccept && fault.StatusCode is 401 or 403 or 404 or 429 or 307);
        Assert.DoesNotContain(drawn, fault => fault is { IsAfterAccept: true, RetryAfterSeconds: not null });
        foreach (EmulatorFaultKind kind in new[] { EmulatorFaultKind.Reset, EmulatorFaultKind.ServerError, EmulatorFaultKind.Garbage, EmulatorFaultKind.Stall })
            Assert.Equal([false, true], drawn.Where(fault => fault.Kind == kind).Select(fault => fault.IsAfterAccept).Distinct().Order());
        Assert.Equal(3, drawn.Where(fault => fault.Kind == EmulatorFaultKind.RateLimited).Select(fault => (fault.RetryAfterSeconds, fault.IsRetryAfterDate)).Distinct().Count());
    }

    [Fact]
    public async Task A_kind_that_does_not_fit_a_request_is_not_drawn_for_it()
    {
        using var provider = Start(1, EmulatorFaultKind.ExpiredLink);
        await provider.CompleteAsync(Provider.Parameters("a"));
        Assert.Equal(0, provider.Server.Counters.Faults);
    }

    [Fact]
    public async Task A_script_sees_each_request_and_says_what_becomes_of_it()
    {
        var seen = new ConcurrentQueue<EmulatorRequest>();
        using var provider = new Provider(new EmulatorOptions
        {
            TimeScale = 0,
            FaultScript = request =>
            {
                seen.Enqueue(request);
                return request is { Operation: EmulatorOperation.Create, Attempt: < 3 } && request.Body.Contains("unlucky", StringComparison.Ordinal)
                    ? EmulatorFault.Status(500)
                    : null;
            },
        });

        var codes = new List<int>();
        foreach (string prompt in new[] { "unlucky", "lucky", "unlucky", "unlucky" })
        {
            using var response = await provider.PostAsync(Provider.Parameters(prompt));
            codes.Add((int)response.StatusCode);
        }
        await provider.StatusAsync(provider.Server.Tasks[0].Id);

        Assert.Equal([500, 200, 500, 200], codes);
        Assert.Equal([1, 1, 2, 3, 1], seen.Select(request => request.Attempt));
        Assert.Equal((EmulatorOperation.Poll, provider.Server.Tasks[0].Id, ""), (seen.Last().Operation, seen.Last().TaskId, seen.Last().Body));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_rate_that_is_none_is_refused(double rate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => EmulatorServer.Start(new EmulatorOptions { FaultRate = rate }));

    [Fact]
    public void A_kind_that_is_none_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => EmulatorServer.Start(new EmulatorOptions { FaultKinds = [(EmulatorFaultKind)99] }));

    private static Provider Start(double rate, params EmulatorFaultKind[] kinds) =>
        new(new EmulatorOptions { TimeScale = 0, Seed = 7, FaultRate = rate, FaultKinds = kinds });

    private static IEnumerable<EmulatorFault> Draw(EmulatorOptions options, EmulatorOperation operation, int times)
    {
        var plan = new Faults.FaultPlan(options);
        for (int i = 1; i <= times; i++)
            yield return plan.Draw(new EmulatorRequest(operation, "/files/a/0.png", "a", "", i), identity: 1)!;
    }

    /// <summary>What each prompt met at its first and second create, by prompt.</summary>
    private static async Task<string[]> RunAsync(int seed, string[] prompts)
    {
        using var provider = new Provider(new EmulatorOptions { TimeScale = 0, Seed = seed, FaultRate = 0.3, FaultKinds = [EmulatorFaultKind.ServerError, EmulatorFaultKind.Garbage, EmulatorFaultKind.RateLimited] });
        var met = new List<string>();
        foreach (string prompt in prompts)
        {
            using var first = await provider.PostAsync(Provider.Parameters(prompt));
            using var second = await provider.PostAsync(Provider.Parameters(prompt));
            met.Add($"{prompt}: {(int)first.StatusCode} {first.Content.Headers.ContentLength}, {(int)second.StatusCode} {second.Content.Headers.ContentLength}");
        }
        met.Sort(StringComparer.Ordinal);
        return [.. met];
    }
}
