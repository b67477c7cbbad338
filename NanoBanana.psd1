@{
    # What stands here is evaluated at each import and made as cheap as it can be: the build of the edition by the name of
    # its folder, lists without @(), no types and views, which the first command loads (docs/decisions/0014).
    RootModule           = "lib/$PSEdition/NanoBanana.dll"
    ModuleVersion        = '0.1.0'
    GUID                 = '6f0c7a52-3d1b-4b7e-9a7c-52a7c1f6e0d4'
    Author               = 'The NanoBanana contributors'
    CompanyName          = 'The NanoBanana contributors'
    Copyright            = 'Copyright (c) The NanoBanana contributors. MIT license.'
    Description          = 'Turns prompts into image files through the Nano Banana 2 image API: submit, wait and save as one pipeline of compiled cmdlets, with an offline emulator.'
    PowerShellVersion    = '5.1'
    CompatiblePSEditions = 'Core', 'Desktop'
    DotNetFrameworkVersion = '4.7.2'
    CmdletsToExport      =
        'Backup-NanoBananaJournal',
        'Connect-NanoBanana',
        'Copy-NanoBananaJournal',
        'Disconnect-NanoBanana',
        'Export-NanoBananaGallery',
        'Get-NanoBananaBatch',
        'Get-NanoBananaConnection',
        'Get-NanoBananaEmulator',
        'Get-NanoBananaTask',
        'New-NanoBananaImage',
        'Remove-NanoBananaTask',
        'Resolve-NanoBananaTask',
        'Save-NanoBananaImage',
        'Show-NanoBananaImage',
        'Start-NanoBananaEmulator',
        'Stop-NanoBananaBatch',
        'Stop-NanoBananaEmulator',
        'Stop-NanoBananaTask',
        'Test-NanoBananaConnection',
        'Wait-NanoBananaTask'
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{
        PSData = @{
            Tags         = 'image', 'image-generation', 'nano-banana', 'gemini', 'ai', 'PSEdition_Core', 'PSEdition_Desktop', 'Windows', 'Linux', 'MacOS'
            # The package carries the section of its version (build.ps1 -Task Pack).
            ReleaseNotes = 'See CHANGELOG.md.'
        }
    }
}
