using System.Buffers.Binary;
using System.Data.Common;

namespace NanoBanana.Client.Tests.Journal;

/// <summary>
/// Rewrites the pages of a table or an index so that all children of each page reference the next page. A full scan takes 50^15
/// steps.
/// </summary>
internal static class EndlessTable
{
    private const int PageSize = 512;
    private const byte InteriorOfIndex = 2;
    private const byte InteriorOfTable = 5;

    /// <summary>Prepares an empty file with small pages, so that a few rows need many pages.</summary>
    public static void Prepare(DbConnection connection) => Run(connection, $"PRAGMA page_size = {PageSize}; VACUUM");

    /// <summary>The root page of a table.</summary>
    public static int RootOf(DbConnection connection, string table)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT rootpage FROM sqlite_master WHERE name = '{table}'";
        return (int)(long)command.ExecuteScalar()!;
    }

    /// <param name="path">A closed database.</param>
    /// <param name="root">The root page of the table.</param>
    public static void Make(string path, int root)
    {
        byte[] file = File.ReadAllBytes(path);
        List<int> chain = [root];
        for (int i = 0; i < chain.Count; i++)
            chain.AddRange(
                Children(file, chain[i]).Select(at => Page(file, at))
                    .Where(page => file[Start(page)] is InteriorOfTable or InteriorOfIndex));
        int leaf = Page(file, Children(file, chain[chain.Count - 1]).First());
        // SQLite supports at most 20 levels of pages.
        chain = [.. chain.Take(15), leaf];
        for (int i = 0; i < chain.Count - 1; i++)
        {
            foreach (int at in Children(file, chain[i]))
                BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(at, 4), chain[i + 1]);
        }
        File.WriteAllBytes(path, file);
    }

    /// <summary>The positions of the child references in an interior page. See https://sqlite.org/fileformat.html#b_tree_pages.</summary>
    private static IEnumerable<int> Children(byte[] file, int page)
    {
        int start = Start(page);
        int cells = BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(start + 3, 2));
        for (int i = 0; i < cells; i++)
            yield return start + BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(start + 12 + (2 * i), 2));
        yield return start + 8;
    }

    private static int Page(byte[] file, int at) => BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at, 4));

    private static int Start(int page) => (page - 1) * PageSize;

    private static void Run(DbConnection connection, string sql)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
