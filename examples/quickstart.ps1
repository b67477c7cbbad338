<#
.SYNOPSIS
Makes an image from every line of a text file and edits two images, offline: no key, no network, no cost.

.DESCRIPTION
Starts the emulator, which speaks the provider's protocol on this machine and draws real PNG files. Against the real
service only one line differs: set $env:NANOBANANA_API_KEY in place of starting the emulator.

.EXAMPLE
./examples/quickstart.ps1 -PromptFile my-prompts.txt -Destination my-images
#>
[CmdletBinding()]
param(
    # A text file with a prompt on each line.
    [string] $PromptFile = "$PSScriptRoot/prompts.txt",

    # The folder that the images go to.
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
