# The views of the module's objects. The first command of a session imports this file into the module (docs/decisions/0014).
@{
    TypesToProcess    = 'NanoBanana.types.ps1xml'
    FormatsToProcess  = 'NanoBanana.format.ps1xml'
    ModuleVersion     = '1.0'
    GUID              = 'a0d6c1de-5c0b-4a3f-9a51-0f1f5c1c7b62'
    Author            = 'The NanoBanana contributors'
    Description       = 'The views of the objects of NanoBanana, which loads them automatically.'
    CmdletsToExport   = @()
    FunctionsToExport = @()
    VariablesToExport = @()
    AliasesToExport   = @()
}
