using System.Collections.Concurrent;

namespace NanoBanana.Emulator.Tests;

/// <summary>Faults by rate and by script: which requests have one, in any order of arrival.</summary>
public sealed class FaultRateTests
{
    private static readonly string[] Prompts = [.. Enumerable.Range(0, 200).Select(i => $"prompt {i}")];

    [Fact]
    public async Task Same_seed_repeats_the_faults_in_any_order_of_arrival()
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
    public async Task Rate_is_the_share_of_requests_with_a_fault(double rate, int fewest, int most)
    {
        using var provider = Start(rate, EmulatorFaultKind.ServerError);
        foreach (string prompt in Prompts)
            (await provider.PostAsync(Provider.Parameters(prompt))).Dispose();

        Assert.InRange(provider.Server.Counters.Faults, fewest, most);
    }

    [Fact]
    public async Task Equal_requests_have_independent_faults()
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

    /// <summary>Draws many faults of the default kinds, without HTTP.</summary>
    [Fact]
    public void Default_kinds_neither_end_a_clients_work_nor_last_for_its_time_out()
    {
        foreach (EmulatorOperation operation in Enum.GetValues<EmulatorOperation>())
        {
            var kinds = Draw(new EmulatorOptions { FaultRate = 1 }, operation, 20_000).Select(fault => fault.Kind).ToHashSet();
            EmulatorFaultKind[] missing = [.. Enum.GetValues<EmulatorFaultKind>().Except(kinds)];

            EmulatorFaultKind[] costly =
            [
                EmulatorFaultKind.Unauthorized, EmulatorFaultKind.Forbidden, EmulatorFaultKind.NotFound,
                EmulatorFaultKind.Stall, EmulatorFaultKind.StallBody,
            ];
            EmulatorFaultKind[] ofOtherOperations = operation switch
            {
                EmulatorOperation.Poll => [EmulatorFaultKind.ExpiredLink],
                EmulatorOperation.Download => [EmulatorFaultKind.StaleStatus, EmulatorFaultKind.CutJson],
                _ => [EmulatorFaultKind.StaleStatus, EmulatorFaultKind.ExpiredLink],
            };
            Assert.Equal(costly.Concat(ofOtherOperations).Order(), missing.Order());
        }
    }

    [Fact]
    public void Refusals_never_follow_an_accepted_request()
    {
        var options = new EmulatorOptions { FaultRate = 1, FaultKinds = Enum.GetValues<EmulatorFaultKind>() };
        EmulatorFault[] drawn = [.. Draw(options, EmulatorOperation.Create, 20_000)];

        Assert.DoesNotContain(drawn, fault => fault.IsAfterAccept && fault.StatusCode is 401 or 403 or 404 or 429 or 307);
        Assert.DoesNotContain(drawn, fault => fault is { IsAfterAccept: true, RetryAfterSeconds: not null });
        EmulatorFaultKind[] both =
            [EmulatorFaultKind.Reset, EmulatorFaultKind.ServerError, EmulatorFaultKind.Garbage, EmulatorFaultKind.Stall];
        foreach (EmulatorFaultKind kind in both)
            Assert.Equal([false, true], drawn.Where(fault => fault.Kind == kind).Select(fault => fault.IsAfterAccept).Distinct().Order());
        IEnumerable<EmulatorFault> limited = drawn.Where(fault => fault.Kind == EmulatorFaultKind.RateLimited);
        Assert.Equal(3, limited.Select(fault => (fault.RetryAfterSeconds, fault.IsRetryAfterDate)).Distinct().Count());
    }

    [Fact]
    public async Task Kind_that_does_not_fit_a_request_is_not_used_for_it()
    {
        using var provider = Start(1, EmulatorFaultKind.ExpiredLink);
        await provider.CompleteAsync(Provider.Parameters("a"));
        Assert.Equal(0, provider.Server.Counters.Faults);
    }

    [Fact]
    public async Task Script_receives_each_request_and_chooses_its_fault()
    {
        var received = new ConcurrentQueue<EmulatorRequest>();
        using var provider = new Provider(new EmulatorOptions
        {
            TimeScale = 0,
            FaultScript = request =>
            {
                received.Enqueue(request);
                return request is { Operation: EmulatorOperation.Create, Attempt: < 3 }
                    && request.Body.Contains("unlucky", StringComparison.Ordinal)
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
        Assert.Equal([1, 1, 2, 3, 1], received.Select(request => request.Attempt));
        EmulatorRequest last = received.Last();
        Assert.Equal((EmulatorOperation.Poll, provider.Server.Tasks[0].Id, ""), (last.Operation, last.TaskId, last.Body));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Rate_outside_its_range_is_refused(double rate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => EmulatorServer.Start(new EmulatorOptions { FaultRate = rate }));

    [Fact]
    public void Undefined_kind_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => EmulatorServer.Start(new EmulatorOptions { FaultKinds = [(EmulatorFaultKind)99] }));

    private static Provider Start(double rate, params EmulatorFaultKind[] kinds) =>
        new(new EmulatorOptions { TimeScale = 0, Seed = 7, FaultRate = rate, FaultKinds = kinds });

    private static IEnumerable<EmulatorFault> Draw(EmulatorOptions options, EmulatorOperation operation, int times)
    {
        var plan = new Faults.FaultPlan(options);
        for (int i = 1; i <= times; i++)
            yield return plan.Draw(new EmulatorRequest(operation, "/files/a/0.png", "a", "", i), identity: 1)!;
    }

    /// <summary>The answers to the first and second create request of each prompt, by prompt.</summary>
    private static async Task<string[]> RunAsync(int seed, string[] prompts)
    {
        using var provider = new Provider(new EmulatorOptions
        {
            TimeScale = 0,
            Seed = seed,
            FaultRate = 0.3,
            FaultKinds = [EmulatorFaultKind.ServerError, EmulatorFaultKind.Garbage, EmulatorFaultKind.RateLimited],
        });
        var answers = new List<string>();
        foreach (string prompt in prompts)
        {
            using var first = await provider.PostAsync(Provider.Parameters(prompt));
            using var second = await provider.PostAsync(Provider.Parameters(prompt));
            answers.Add($"{prompt}: {Text(first)}, {Text(second)}");
        }
        answers.Sort(StringComparer.Ordinal);
        return [.. answers];

        static string Text(HttpResponseMessage response) => $"{(int)response.StatusCode} {response.Content.Headers.ContentLength}";
    }
}
