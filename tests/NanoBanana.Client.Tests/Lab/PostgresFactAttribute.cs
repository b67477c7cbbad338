using NanoBanana.Lab.Postgres;

namespace NanoBanana.Client.Tests.Lab;

/// <summary>A test with a PostgreSQL server. Where there is none it is skipped, and the run says so and why.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute()
    {
        if (PostgresPrograms.TryFind(out string why) is null)
            Skip = why;
    }
}
