using NanoBanana.Lab.Postgres;

namespace NanoBanana.Client.Tests.Lab;

/// <summary>A test with a PostgreSQL server. Without a server it is skipped, and the test run reports the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute()
    {
        if (PostgresPrograms.TryFind(out string why) is null)
            Skip = why;
    }
}
