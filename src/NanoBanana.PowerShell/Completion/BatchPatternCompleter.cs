using System.Management.Automation;

namespace NanoBanana.Completion;

/// <summary>The batches for a parameter that takes wildcards: a name with brackets in it is offered so that it means itself.</summary>
internal sealed class BatchPatternCompleter : BatchCompleter
{
    private protected override string Spell(string batch) => WildcardPattern.Escape(batch);
}
