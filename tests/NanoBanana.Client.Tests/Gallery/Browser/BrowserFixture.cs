using System.Diagnostics.CodeAnalysis;

namespace NanoBanana.Client.Tests.Gallery.Browser;

/// <summary>One browser for all tests of a class. Each test has its own page.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The runner disposes it through IAsyncLifetime.")]
public sealed class BrowserFixture : IAsyncLifetime
{
    private readonly Chromium _chromium = new();

    public Task InitializeAsync() => Chromium.Program is null ? Task.CompletedTask : _chromium.StartAsync();

    /// <summary>Opens a file in a new page.</summary>
    public Task<BrowserPage> OpenAsync(string file) => BrowserPage.OpenAsync(_chromium, new Uri(file));

    public async Task DisposeAsync() => await _chromium.DisposeAsync();
}
