using NanoBanana.Errors;

namespace NanoBanana.Pipeline;

/// <summary>A command whose input is tasks, as objects or by their ids.</summary>
public abstract class TaskCmdlet : TalkingCmdlet
{
    private protected const string TaskSet = "Task";
    private protected const string IdSet = "Id";

    /// <summary>The tasks, as objects.</summary>
    private protected abstract ImageTask[]? GivenTasks { get; }

    /// <summary>The tasks, by their ids.</summary>
    private protected abstract string[]? GivenIds { get; }

    /// <inheritdoc/>
    protected sealed override void Accept()
    {
        foreach (object given in GivenTasks as object[] ?? GivenIds ?? [])
        {
            try
            {
                ImageTask task = given as ImageTask ?? Client.KnownById((string)given, Pump);
                Client.CheckOrigin(task);
                CheckFate(task);
                Accept(task);
            }
            catch (NanoBananaException e)
            {
                WriteError(e.ToErrorRecord(e.Task ?? given));
            }
        }
    }

    /// <summary>A submit whose answer never came has no id to ask for.</summary>
    private static void CheckFate(ImageTask task)
    {
        if (task.Id.Length == 0)
            throw new NanoBananaException(NanoBananaErrorKind.SubmissionUnknown, $"'{NanoBanana.Client.TextSafety.Excerpt(task.Prompt, 40)}' was sent and what became of it is not known, so there is no task to ask for. Check the account at the provider; New-NanoBananaImage -Batch NAME -ResubmitUnknown buys it again.") { Task = task };
    }

    /// <summary>Takes one task and starts its work.</summary>
    private protected abstract void Accept(ImageTask task);
}
