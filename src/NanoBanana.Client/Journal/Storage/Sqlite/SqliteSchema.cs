namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>
/// The tables, as steps from one version of the file to the next. A step that was released never changes, including its comments, because
/// <see cref="SchemaCheck"/> compares the text.
/// </summary>
internal static class SqliteSchema
{
    /// <summary>Identifies a file of this module: "NaBa" in the header of the database.</summary>
    public const int ApplicationId = 0x4E614261;

    /// <summary>Step i migrates version i to version i + 1.</summary>
    public static readonly string[] Steps =
    [
        """
        CREATE TABLE task (
            row          INTEGER PRIMARY KEY,
            endpoint     TEXT NOT NULL,
            protocol     TEXT NOT NULL,
            id           TEXT,               -- the provider's; null until the submit is answered
            status       TEXT NOT NULL,      -- a name of ImageTaskStatus; Submitting is an intent
            batch        TEXT,
            name         TEXT,
            request_key  TEXT,               -- what makes a request of a batch the same when its script runs again
            held_key     TEXT UNIQUE,        -- the same key, while it must not be bought again
            created_at   INTEGER NOT NULL,   -- Unix milliseconds by this machine's clock
            updated_at   INTEGER NOT NULL,
            images       INTEGER NOT NULL DEFAULT 0,
            owner        TEXT,               -- the process that works on it
            snapshot     TEXT NOT NULL       -- the task as users see it, JSON
        ) STRICT;
        CREATE UNIQUE INDEX task_id ON task (endpoint, id) WHERE id IS NOT NULL;
        CREATE INDEX task_batch ON task (batch, name) WHERE batch IS NOT NULL;
        CREATE INDEX task_status ON task (status);
        CREATE TABLE file (
            row          INTEGER NOT NULL REFERENCES task (row) ON DELETE CASCADE,
            image        INTEGER NOT NULL,   -- which of the task's pictures, from 0
            path         TEXT NOT NULL,
            sha256       TEXT NOT NULL,
            length       INTEGER NOT NULL,
            saved        INTEGER NOT NULL,   -- 0: about to get its name; 1: it has it
            PRIMARY KEY (row, image, path)
        ) STRICT;
        CREATE INDEX file_path ON file (path);
        """,
        // 2: superseding is recorded, owners are instances with a lease, and a task without an image does not block its request.
        """
        ALTER TABLE task ADD COLUMN superseded_by INTEGER REFERENCES task (row) ON DELETE SET NULL;
        CREATE INDEX task_superseded ON task (superseded_by) WHERE superseded_by IS NOT NULL;
        CREATE INDEX task_request ON task (request_key) WHERE request_key IS NOT NULL;
        CREATE TABLE lease (
            instance     TEXT PRIMARY KEY,   -- task.owner
            process      TEXT NOT NULL,      -- place, id and start of its process
            expires_at   INTEGER NOT NULL    -- Unix milliseconds
        ) STRICT;
        UPDATE task SET superseded_by = newest.row
            FROM (SELECT endpoint, batch, COALESCE(name, request_key, id) AS request, MAX(row) AS row
                FROM task WHERE batch IS NOT NULL GROUP BY 1, 2, 3) AS newest
            WHERE task.endpoint = newest.endpoint AND task.batch = newest.batch
                AND COALESCE(task.name, task.request_key, task.id) = newest.request AND task.row < newest.row;
        UPDATE task SET held_key = NULL WHERE status = 'Completed' AND images = 0;
        UPDATE task SET owner = NULL;
        """,
        // 3: indexes answer every query at any size, spending is counted, and verdicts are recorded.
    """
    ALTER TABLE task ADD COLUMN tokens INTEGER;        -- of the snapshot, to be added up
    ALTER TABLE task ADD COLUMN cost REAL;             -- of the snapshot
    ALTER TABLE task ADD COLUMN ended_at INTEGER;      -- of the snapshot, Unix milliseconds
    ALTER TABLE task ADD COLUMN unsaved INTEGER NOT NULL DEFAULT 0; -- 1: not ended, or completed with an image that has no file
    ALTER TABLE task ADD COLUMN run TEXT;              -- the run whose spending counts it
    ALTER TABLE task ADD COLUMN day TEXT;              -- the day (UTC) whose spending counts it
    ALTER TABLE task ADD COLUMN spent_images INTEGER NOT NULL DEFAULT 0; -- what it counts for there: the worst case, then the real usage
    ALTER TABLE task ADD COLUMN spent_tokens INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE task ADD COLUMN spent_cost REAL NOT NULL DEFAULT 0;
    ALTER TABLE task ADD COLUMN resolved TEXT;         -- who decided the outcome of an unknown submission, and when
    CREATE TABLE spending (
        scope        TEXT PRIMARY KEY,   -- a run or a day
        images       INTEGER NOT NULL,
        tokens       INTEGER NOT NULL,
        cost         REAL NOT NULL
    ) STRICT;
    CREATE TABLE run (
        id           TEXT PRIMARY KEY,   -- task.run
        batch        TEXT,
        endpoint     TEXT NOT NULL,
        owner        TEXT NOT NULL,      -- the instance that works on it; without a valid lease and an end it was interrupted
        started_at   INTEGER NOT NULL,   -- Unix milliseconds
        ended_at     INTEGER,
        asked        INTEGER NOT NULL DEFAULT 0,
        bought       INTEGER NOT NULL DEFAULT 0,
        held         INTEGER NOT NULL DEFAULT 0, -- by an earlier run, so not bought again
        refused      INTEGER NOT NULL DEFAULT 0, -- nothing was bought
        unknown      INTEGER NOT NULL DEFAULT 0,
        skipped      INTEGER NOT NULL DEFAULT 0, -- not submitted, because submitting had ended
        saved        INTEGER NOT NULL DEFAULT 0,
        failed       INTEGER NOT NULL DEFAULT 0, -- refused ones among them
        reason       TEXT,               -- a name of NanoBananaErrorKind: why submitting ended early
        exit_code    INTEGER             -- what a script that ran it ends with
    ) STRICT;
    CREATE INDEX run_batch ON run (batch, started_at) WHERE batch IS NOT NULL;
    CREATE TABLE stop (
        batch        TEXT NOT NULL,
        endpoint     TEXT NOT NULL,
        asked_at     INTEGER NOT NULL,   -- Unix milliseconds; runs that began later do not stop
        asked_by     TEXT NOT NULL,
        PRIMARY KEY (batch, endpoint)
    ) STRICT;
    DROP INDEX task_id;
    DROP INDEX task_batch;
    DROP INDEX task_status;
    CREATE UNIQUE INDEX task_id ON task (id, endpoint) WHERE id IS NOT NULL;
    CREATE INDEX task_batch ON task (batch, row, endpoint) WHERE batch IS NOT NULL;
    CREATE INDEX task_name ON task (name COLLATE NOCASE, batch) WHERE name IS NOT NULL;
    CREATE INDEX task_list ON task (row, created_at, status, batch, name, endpoint); -- a scan of it reads no snapshots
    CREATE INDEX task_rest ON task (row, status) WHERE status <> 'Completed'; -- few, however many there are in all
    CREATE INDEX task_unsaved ON task (unsaved) WHERE unsaved = 1;
    UPDATE task SET
        tokens = json_extract(snapshot, '$.TotalTokens'), cost = json_extract(snapshot, '$.Cost'),
        ended_at = CAST(strftime('%s', json_extract(snapshot, '$.CompletedAt')) AS INTEGER) * 1000,
        unsaved = status IN ('Pending', 'Running')
            OR (status = 'Completed' AND images > (SELECT COUNT(DISTINCT image) FROM file WHERE file.row = task.row AND saved = 1));
    """,
        // 4: entries can be copied from and to a journal that several machines share.
        """
        ALTER TABLE task ADD COLUMN claim TEXT;            -- made by the process that claimed the request, before it did
        ALTER TABLE file ADD COLUMN machine TEXT NOT NULL DEFAULT ''; -- whose disk the path is on; empty for this machine
        CREATE UNIQUE INDEX task_claim ON task (claim) WHERE claim IS NOT NULL;
        CREATE INDEX task_owner ON task (owner) WHERE owner IS NOT NULL;
        """,
    ];

    /// <summary>
    /// Creates temporary views that show a file of an older version as this version, because a reader must not change the file. Only the
    /// temporary database of the connection is written.
    /// </summary>
    /// <param name="version">The version of the file, older than this one.</param>
    public static string AsThisVersion(int version) => "CREATE TEMP VIEW file AS SELECT *, '' AS machine FROM main.file;" + version switch
    {
        1 => "CREATE TEMP TABLE lease (instance TEXT PRIMARY KEY, process TEXT NOT NULL, expires_at INTEGER NOT NULL);" + View(
            """
            newest.row AS superseded_by,
            """,
            """
            LEFT JOIN (
                SELECT endpoint, batch, COALESCE(name, request_key, id) AS request, MAX(row) AS row
                FROM main.task WHERE batch IS NOT NULL GROUP BY 1, 2, 3)
            AS newest ON newest.endpoint = old.endpoint AND newest.batch = old.batch
                AND newest.request = COALESCE(old.name, old.request_key, old.id) AND newest.row > old.row
            """),
        2 => View("", ""),
        _ => "CREATE TEMP VIEW task AS SELECT *, NULL AS claim FROM main.task;",
    };

    private static string View(string columns, string newest) =>
        $"""
        CREATE TEMP TABLE spending (scope TEXT PRIMARY KEY, images INTEGER NOT NULL, tokens INTEGER NOT NULL, cost REAL NOT NULL);
        CREATE TEMP TABLE run (
            id TEXT, batch TEXT, endpoint TEXT, owner TEXT, started_at INTEGER, ended_at INTEGER, asked INTEGER, bought INTEGER,
            held INTEGER, refused INTEGER, unknown INTEGER, skipped INTEGER, saved INTEGER, failed INTEGER, reason TEXT, exit_code INTEGER);
        CREATE TEMP TABLE stop (batch TEXT, endpoint TEXT, asked_at INTEGER, asked_by TEXT);
        CREATE TEMP VIEW task AS SELECT old.*, {columns} NULL AS run, NULL AS day, NULL AS resolved, NULL AS claim,
            0 AS spent_images, 0 AS spent_tokens, 0.0 AS spent_cost,
            json_extract(snapshot, '$.TotalTokens') AS tokens, json_extract(snapshot, '$.Cost') AS cost,
            CAST(strftime('%s', json_extract(snapshot, '$.CompletedAt')) AS INTEGER) * 1000 AS ended_at,
            status IN ('Pending', 'Running')
                OR (status = 'Completed' AND images > (SELECT COUNT(DISTINCT image) FROM file WHERE file.row = old.row AND saved = 1))
                AS unsaved
            FROM main.task AS old {newest};
        """;

    /// <summary>The current version.</summary>
    public static int Version => Steps.Length;
}
