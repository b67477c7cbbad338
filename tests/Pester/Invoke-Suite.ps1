<#
.SYNOPSIS
Runs Pester files and writes the result of each test to a JSON file, which NanoBanana.Pester.Tests reads.

.EXAMPLE
dotnet run --project tools/Pwsh -- -NoProfile -File tests/Pester/Invoke-Suite.ps1 results.json

Runs the suite without dotnet test.
#>
[CmdletBinding()]
param(
    # The file for the results.
    [Parameter(Mandatory)]
    [string] $ResultFile,

    # The files with the tests, or their folder.
    [string[]] $Path = $PSScriptRoot
)

$ErrorActionPreference = 'Stop'
Import-Module -Name Pester -MinimumVersion 5.3 -MaximumVersion 5.99

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.RenderMode = 'Plaintext'
$run = Invoke-Pester -Configuration $configuration

function Get-ErrorText($Item) {
    @($Item.ErrorRecord | ForEach-Object { "$_`n$($_.ScriptStackTrace)" }) -join "`n"
}

# A container is a file. A block is a Describe or a Context. It fails if one of its BeforeAll or AfterAll blocks fails.
@{
    Tests  = @($run.Tests | ForEach-Object { @{ Name = $_.ExpandedPath; Result = $_.Result; Error = Get-ErrorText $_ } })
    Errors = @(@($run.FailedContainers) + @($run.FailedBlocks) | ForEach-Object { "$($_): $(Get-ErrorText $_)" })
} | ConvertTo-Json -Depth 4 | Set-Content -LiteralPath $ResultFile
exit [int]($run.Result -ne 'Passed')
