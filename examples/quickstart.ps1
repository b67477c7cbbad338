<#
.SYNOPSIS
Makes a picture from every line of a text file, offline: no key, no network, no cost.

.DESCRIPTION
Starts the emulator, which speaks the provider's protocol on this machine and draws real PNG files. Against the real
service only one line differs: set $env:NANOBANANA_API_KEY in place of starting the emulator.

.EXAMPLE
./examples/quickstart.ps1 -PromptFile my-prompts.txt -Destination my-pictures
#>
[CmdletBinding()]
param(
    # A text file with a prompt on each line.
    [string] $PromptFile = "$PSScriptRoot/prompts.txt",

    # The folder that the pictures go to.
    [string] $Destination = "$PSScriptRoot/pictures"
)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../out/NanoBanana"

# The prompts are read the .NET way, so that this script also runs where only the engine's core commands are.
$file = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($PromptFile)
$folder = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Destination)
$emulator = Start-NanoBananaEmulator -TimeScale 0.1
try {
    $emulator | Connect-NanoBanana

    [System.IO.File]::ReadLines($file) |
        New-NanoBananaImage -AspectRatio 16:9 -Resolution 1K |
        Wait-NanoBananaTask |
        Save-NanoBananaImage -Destination $folder -FileName '{index:00}-{name}' -Force

    $Host.UI.WriteLine("The pictures are in $folder")
}
finally {
    $emulator | Stop-NanoBananaEmulator
}
