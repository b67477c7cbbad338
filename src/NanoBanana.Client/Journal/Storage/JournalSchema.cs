namespace NanoBanana.Client.Journal.Storage;

/// <summary>The tables, as steps from one version of the file to the next. A step that was released is never changed.</summary>
internal static class JournalSchema
{
    /// <summary>Marks the file as ours: "NaBa" in the header of the database.</summary>
    public const int ApplicationId = 0x4E614261;

    /// <summary>Step i leads from version i to version i + 1.</summary>
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
        // 2: superseding is recorded, owners are instances with a lease, and a task without an image holds no request.
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
    ];

    /// <summary>
    /// Shows a file of version 1, which a reader must not change, as one of version 2. Only the temporary database of the
    /// connection is written.
    /// </summary>
    public const string Version1AsVersion2 =
        """
        CREATE TEMP TABLE lease (instance TEXT PRIMARY KEY, process TEXT NOT NULL, expires_at INTEGER NOT NULL);
        CREATE TEMP VIEW task AS SELECT old.*, CASE WHEN old.batch IS NULL OR old.row IN (
                SELECT MAX(row) FROM main.task WHERE batch IS NOT NULL GROUP BY endpoint, batch, COALESCE(name, request_key, id))
            THEN NULL ELSE -1 END AS superseded_by
            FROM main.task AS old;
        """;

    /// <summary>The version that this code writes.</summary>
    public static int Version => Steps.Length;
}
