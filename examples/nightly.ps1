<#
.SYNOPSIS
Makes an image from every row of a CSV file and answers with the exit code of the run. For a scheduler.

.DESCRIPTION
Give the key in $env:NANOBANANA_API_KEY, and let $env:NANOBANANA_JOURNAL name a file that outlives the run. Run again on the same day, the
script buys only what is missing. about_NanoBanana_Automation lists the exit codes.

.EXAMPLE
pwsh -NoProfile -NonInteractive -File examples/nightly.ps1 -PromptFile examples/prompts.csv -Destination images -Module ./out/NanoBanana
#>
[CmdletBinding()]
param(
    # A CSV file with the columns Name and Prompt; AspectRatio and Resolution where they are wanted.
    [Parameter(Mandatory)]
    [string] $PromptFile,

    # The folder that the images go to, in a folder for each day.
    [Parameter(Mandatory)]
    [string] $Destination,

    # The module; by default the one that is installed.
    [string] $Module = 'NanoBanana'
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
Import-Module -Name $Module
$day = [datetime]::Today.ToString('yyyy-MM-dd')
Import-Csv -LiteralPath $PromptFile |
    New-NanoBananaImage -Batch "nightly-$day" -RunVariable run -ErrorAction Continue |
    Save-NanoBananaImage -Destination (Join-Path -Path $Destination -ChildPath $day) -FileName '{name}' -ErrorAction Continue
$run
exit $run.ExitCode
