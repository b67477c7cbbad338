<#
.SYNOPSIS
Generates an image for each row of a CSV file and ends with the exit code of the run, for a scheduler.

.DESCRIPTION
Set $env:NANOBANANA_API_KEY to the key and $env:NANOBANANA_JOURNAL to the path of a file that is kept after the run. If you run the script
again on the same day, it submits only the missing requests. about_NanoBanana_Automation lists the exit codes.

.EXAMPLE
pwsh -NoProfile -NonInteractive -File examples/nightly.ps1 -PromptFile examples/prompts.csv -Destination images -Module ./out/NanoBanana
#>
[CmdletBinding()]
param(
    # A CSV file with the columns Name and Prompt. The columns AspectRatio and Resolution are optional.
    [Parameter(Mandatory)]
    [string] $PromptFile,

    # The folder of the images. It has a folder for each day.
    [Parameter(Mandatory)]
    [string] $Destination,

    # The module. The default is the installed module.
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
