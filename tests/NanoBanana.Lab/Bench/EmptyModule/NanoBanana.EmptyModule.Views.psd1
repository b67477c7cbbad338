@{
    RootModule        = 'NanoBanana.EmptyModule.dll'
    TypesToProcess    = 'NanoBanana.EmptyModule.types.ps1xml'
    FormatsToProcess  = 'NanoBanana.EmptyModule.format.ps1xml'
    ModuleVersion     = '1.0.0'
    GUID              = '1d7b3c1e-52a4-4f0b-9a3d-6f1f5f5b8c20'
    PowerShellVersion = '5.1'
    CmdletsToExport   = @('Get-Nothing')
    FunctionsToExport = @()
    VariablesToExport = @()
    AliasesToExport   = @()
}
