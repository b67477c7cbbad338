<#
.SYNOPSIS
Runs the Pester suite and leaves its results in a file in NUnit's format. build.ps1 -Task Test calls it.
#>
[CmdletBinding()]
param(
    # Where the results go.
    [Parameter(Mandatory)]
    [string] $ResultFile
)

$ErrorActionPreference = 'Stop'
Import-Module -Name Pester -MinimumVersion 5.3 -MaximumVersion 5.99

$configuration = New-PesterConfiguration
$configuration.Run.Path = $PSScriptRoot
$configuration.Run.Exit = $true
$configuration.Run.Throw = $false
$configuration.TestResult.Enabled = $true
$configuration.TestResult.OutputPath = $ResultFile
$configuration.TestResult.TestSuiteName = 'NanoBanana'
Invoke-Pester -Configuration $configuration
