@{
    RootModule           = if ($PSEdition -eq 'Core') { 'lib/net8.0/NanoBanana.dll' } else { 'lib/netstandard2.0/NanoBanana.dll' }
    # Loaded at import, so that [NanoBanana.ImageTask] is a type before the first command runs.
    RequiredAssemblies   = if ($PSEdition -eq 'Core') { 'lib/net8.0/NanoBanana.Models.dll' } else { 'lib/netstandard2.0/NanoBanana.Models.dll' }
    TypesToProcess       = 'NanoBanana.types.ps1xml'
    FormatsToProcess     = 'NanoBanana.format.ps1xml'
    ModuleVersion        = '0.1.0'
    GUID                 = '6f0c7a52-3d1b-4b7e-9a7c-52a7c1f6e0d4'
    Author               = 'The NanoBanana contributors'
    CompanyName          = 'The NanoBanana contributors'
    Copyright            = 'Copyright (c) The NanoBanana contributors. MIT license.'
    Description          = 'Turns prompts into picture files through the Nano Banana 2 image API: submit, wait and save as one pipeline of compiled cmdlets, with an offline emulator.'
    PowerShellVersion    = '5.1'
    CompatiblePSEditions = @('Core', 'Desktop')
    DotNetFrameworkVersion = '4.7.2'
    CmdletsToExport      = @(
        'Connect-NanoBanana'
        'Disconnect-NanoBanana'
        'Export-NanoBananaGallery'
        'Get-NanoBananaBatch'
        'Get-NanoBananaConnection'
        'Get-NanoBananaTask'
        'New-NanoBananaImage'
        'Remove-NanoBananaTask'
        'Save-NanoBananaImage'
        'Start-NanoBananaEmulator'
        'Stop-NanoBananaEmulator'
        'Stop-NanoBananaTask'
        'Wait-NanoBananaTask'
    )
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{
        PSData = @{
            Tags         = @('image', 'image-generation', 'nano-banana', 'gemini', 'ai', 'PSEdition_Core', 'PSEdition_Desktop', 'Windows', 'Linux', 'MacOS')
            LicenseUri   = 'https://opensource.org/license/mit'
            # The package carries the section of its version (build.ps1 -Task Pack).
            ReleaseNotes = 'See CHANGELOG.md.'
        }
    }
}
