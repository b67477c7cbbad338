@{
    RootModule        = 'NanoBanana.EmptyModule.dll'
    ModuleVersion     = '1.0.0'
    GUID              = 'c2f4d5b1-7d0e-4c1d-8f5e-3a0a6f2f9b11'
    PowerShellVersion = '5.1'
    CmdletsToExport   = @('Get-Nothing')
    FunctionsToExport = @()
    VariablesToExport = @()
    AliasesToExport   = @()
}
