<#
.SYNOPSIS
Generates an image for each line of a text file and edits two images, offline: without a key, a network or costs.

.DESCRIPTION
Starts the emulator, which implements the protocol of the provider on this machine and returns real PNG files. To use the real service,
set $env:NANOBANANA_API_KEY instead of starting the emulator.

.EXAMPLE
./examples/quickstart.ps1 -PromptFile my-prompts.txt -Destination my-images
#>
[CmdletBinding()]
param(
    # A text file with a prompt on each line.
    [string] $PromptFile = "$PSScriptRoot/prompts.txt",

    # The folder of the images.
    [string] $Destination = "$PSScriptRoot/images"
)

$ErrorActionPreference = 'Stop'
if ($PSStyle -and [System.Console]::IsOutputRedirected) {
    $PSStyle.OutputRendering = 'PlainText'
}
Import-Module "$PSScriptRoot/../out/NanoBanana"

$emulator = Start-NanoBananaEmulator -TimeScale 0.1
try {
    $emulator | Connect-NanoBanana

    Get-Content -LiteralPath $PromptFile |
        New-NanoBananaImage -AspectRatio 16:9 -Resolution 1K |
        Wait-NanoBananaTask |
        Save-NanoBananaImage -Destination $Destination -FileName '{index:00}-{name}' -Force

    Get-ChildItem -Path "$PSScriptRoot/*.png" |
        New-NanoBananaImage -Prompt 'Make it a watercolor' -AspectRatio 16:9 |
        Save-NanoBananaImage -Destination $Destination -FileName '{source}-watercolor' -Force

    $Host.UI.WriteLine("The images are in $(Convert-Path -LiteralPath $Destination)")
}
finally {
    $emulator | Stop-NanoBananaEmulator
}
