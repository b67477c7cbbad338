@{
    # PowerShell evaluates this file at each import, so it is as simple as possible. The folder name selects the build of the edition, lists
    # have no @(), and the first command loads types and views (docs/decisions/0014).
    RootModule           = "lib/$PSEdition/NanoBanana.dll"
    ModuleVersion        = '0.1.0'
    GUID                 = '6f0c7a52-3d1b-4b7e-9a7c-52a7c1f6e0d4'
    Author               = 'The NanoBanana contributors'
    CompanyName          = 'The NanoBanana contributors'
    Copyright            = 'Copyright (c) The NanoBanana contributors. MIT license.'
    Description          = 'Generates and edits images with the Nano Banana 2 API. Pipe in prompts, rows or images, and save image files.

Nothing that you paid for is lost or paid for twice, even after a crash: a journal stores each request before it is sent. You can run a
batch again to submit only the missing requests, limit the costs with budgets, and test everything offline with the included emulator.

For PowerShell 7.4 or later and Windows PowerShell 5.1, on Windows, Linux and macOS.'
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
            Tags         = 'image', 'image-generation', 'nano-banana', 'gemini', 'ai',
                           'PSEdition_Core', 'PSEdition_Desktop', 'Windows', 'Linux', 'MacOS'
            # The package has the section of its version (build.ps1 -Task Pack).
            ReleaseNotes = 'See CHANGELOG.md.'
        }
    }
}
