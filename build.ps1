#requires -Version 7.4

<#
.SYNOPSIS
Builds, tests, checks and packs the NanoBanana module.

.DESCRIPTION
Calls the .NET SDK and, for Analyze, PSScriptAnalyzer. It installs nothing. If a tool is missing, the error contains the command to install
it. If a task fails, the script writes one error message and ends with exit code 1.

Build      stages the module in out/NanoBanana, like dotnet build
Test       runs all tests, including the Pester suite, like dotnet test. The results are in TestResults
Analyze    runs PSScriptAnalyzer with the settings of the gallery, and fails if it has findings
Pack       creates and tests out/packages/NanoBanana.VERSION.nupkg from a Release build, with its bill of materials,
           NanoBanana.VERSION.cdx.json
Clean      removes the files of the other tasks

.EXAMPLE
./build.ps1

Builds the module. To use it, run Import-Module ./out/NanoBanana.

.EXAMPLE
./build.ps1 -Task Build, Test

Builds, then runs all tests.

.EXAMPLE
./build.ps1 -Task Clean, Build, Test, Analyze, Pack -Configuration Release

Runs all tasks for a release, in a clean folder.

.EXAMPLE
pwsh -NoProfile -File build.ps1 -Task Build,Test

Runs tasks from another shell, which passes their names as one argument.

.EXAMPLE
dotnet run --project tools/Pwsh -- ./build.ps1 -Task Test

Runs all tests on a machine without pwsh.
#>
[CmdletBinding()]
param(
    # The tasks to run, in this order.
    [Parameter(Position = 0)]
    [ArgumentCompletions('Build', 'Test', 'Analyze', 'Pack', 'Clean')]
    [string[]] $Task = 'Build',

    # Debug is the default of dotnet build. A package needs Release.
    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Debug'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false

$module = "$PSScriptRoot/out/NanoBanana"
$packages = "$PSScriptRoot/out/packages"
$results = "$PSScriptRoot/TestResults"

function Invoke-DotNet([string[]] $Argument) {
    & dotnet @Argument
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $($Argument[0]) failed with exit code $LASTEXITCODE."
    }
}

# Runs a script of this repository in a new PowerShell process, so that it tests no module of this session and locks no assembly here.
function Invoke-InNewProcess([string] $File, [string[]] $Argument, [string] $Failure) {
    $pwsh = Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh')
    & $pwsh -NoProfile -NonInteractive -File $File @Argument
    if ($LASTEXITCODE -ne 0) {
        throw $Failure
    }
}

function Assert-Tool([string] $Name, [version] $Minimum, [version] $Below) {
    $found = Get-Module -Name $Name -ListAvailable | Where-Object { $_.Version -ge $Minimum -and $_.Version -lt $Below }
    if (-not $found) {
        $command = "Install-PSResource -Name $Name -Version '[$Minimum,$Below)'"
        throw "$Name $Minimum or later, but below $Below, is not installed. To install it, run: $command"
    }
}

function Assert-Staged {
    if (-not (Test-Path -LiteralPath "$module/NanoBanana.psd1")) {
        throw "The folder '$module' has no module. To build it, run: ./build.ps1"
    }
}

function Invoke-Build {
    # A release has native code for the most common platforms. Other platforms compile at run time (docs/decisions/0033).
    $native = $Configuration -eq 'Release' ? @('linux-x64', 'linux-arm64', 'osx-x64', 'osx-arm64', 'win-x64') : 'none'
    Invoke-DotNet -Argument 'build', $PSScriptRoot, '--configuration', $Configuration, "-property:NativeCode=$($native -join '%3B')"
}

function Invoke-Test {
    Invoke-DotNet -Argument 'test', $PSScriptRoot, '--configuration', $Configuration, '--logger', 'trx', '--results-directory', $results
}

function Invoke-Analyze {
    Assert-Tool -Name PSScriptAnalyzer -Minimum 1.21 -Below 2.0
    Assert-Staged
    # The manifest is checked in the staged module, because the files that it refers to are there.
    $findings = 'build.ps1', 'examples', 'packaging', 'tests/Pester', 'out/NanoBanana' |
        ForEach-Object { Invoke-ScriptAnalyzer -Path "$PSScriptRoot/$_" -Settings PSGallery -Recurse }
    if ($findings) {
        $findings | ForEach-Object { "$($_.ScriptPath):$($_.Line): $($_.RuleName): $($_.Message)" } | Out-Host
        throw "PSScriptAnalyzer has $(@($findings).Count) findings."
    }
    'PSScriptAnalyzer has no findings.'
}

function Invoke-Pack {
    Assert-Staged
    & "$PSScriptRoot/packaging/Write-Package.ps1" -ModulePath $module -Destination $packages
    $version = (Test-ModuleManifest -Path "$module/NanoBanana.psd1").Version
    & "$PSScriptRoot/packaging/Write-Sbom.ps1" -ModulePath $module -Path "$packages/NanoBanana.$version.cdx.json"
    $copyFolder = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), "NanoBanana-copy-$([guid]::NewGuid())")
    try {
        $arguments = $module, $packages, $copyFolder
        Invoke-InNewProcess -File "$PSScriptRoot/packaging/Test-Package.ps1" -Argument $arguments -Failure 'The package has errors.'
    }
    finally {
        Remove-Item -LiteralPath $copyFolder -Recurse -Force -ErrorAction Ignore
    }
}

function Invoke-Clean {
    # If tools/Pwsh runs this script, its files stay, because the next tasks need them.
    $built = Get-ChildItem -LiteralPath $PSScriptRoot -Directory -Recurse -Depth 2 |
        Where-Object { $_.Name -cin 'bin', 'obj' -and -not $PSHOME.StartsWith($_.Parent.FullName) } |
        ForEach-Object FullName
    $present = @($built) + $module + $packages + $results | Where-Object { $_ -and (Test-Path -LiteralPath $_) }
    if ($present) {
        Remove-Item -LiteralPath $present -Recurse -Force
    }
}

try {
    # Another shell passes the names as one argument.
    $steps = @($Task -split ',' | ForEach-Object Trim)
    $unknown = $steps | Where-Object { $_ -notin 'Build', 'Test', 'Analyze', 'Pack', 'Clean' }
    if ($unknown) {
        throw "'$($unknown -join "', '")' is not a task. Use Build, Test, Analyze, Pack or Clean."
    }
    foreach ($step in $steps) {
        & "Invoke-$step"
    }
}
catch {
    $Host.UI.WriteErrorLine("build.ps1: $($_.Exception.Message)")
    exit 1
}
