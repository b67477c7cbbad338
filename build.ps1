#requires -Version 7.4

<#
.SYNOPSIS
Builds, tests, checks and packs the NanoBanana module.

.DESCRIPTION
Only calls tools: the .NET SDK and, for Analyze, PSScriptAnalyzer. It installs nothing; what is missing is named, with the
command that installs it. Anything that goes wrong ends it with one line and exit code 1.

Build      stages the module in out/NanoBanana; the same as: dotnet build
Test       runs all tests, the Pester suite among them; the same as: dotnet test. Results go to TestResults
Analyze    runs PSScriptAnalyzer with the gallery's settings; a finding is a failure
Pack       makes out/packages/NanoBanana.VERSION.nupkg from a Release build and tries a fresh copy of it; beside it lies
           its bill of materials, NanoBanana.VERSION.cdx.json
Clean      removes what the others made

.EXAMPLE
./build.ps1

Builds the module. Import-Module ./out/NanoBanana is the next step.

.EXAMPLE
./build.ps1 -Task Build, Test

Builds, then runs all tests.

.EXAMPLE
./build.ps1 -Task Clean, Build, Test, Analyze, Pack -Configuration Release

Everything that a release needs, from nothing.

.EXAMPLE
pwsh -NoProfile -File build.ps1 -Task Build,Test

The same from another shell: the names come as one word.

.EXAMPLE
dotnet run --project tools/Pwsh -- ./build.ps1 -Task Test

Runs all tests on a machine without pwsh.
#>
[CmdletBinding()]
param(
    # What to do, in this order.
    [Parameter(Position = 0)]
    [ArgumentCompletions('Build', 'Test', 'Analyze', 'Pack', 'Clean')]
    [string[]] $Task = 'Build',

    # Debug is what dotnet build makes by itself; a package is made of Release.
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

# Runs a script of this repository in a PowerShell of its own, so that no assembly of the module stays locked here and
# no module that was imported here is what gets tested.
function Invoke-Alone([string] $File, [string[]] $With, [string] $Failure) {
    $pwsh = Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh')
    & $pwsh -NoProfile -NonInteractive -File $File @With
    if ($LASTEXITCODE -ne 0) {
        throw $Failure
    }
}

function Assert-Tool([string] $Name, [version] $Minimum, [version] $Below) {
    $found = Get-Module -Name $Name -ListAvailable | Where-Object { $_.Version -ge $Minimum -and $_.Version -lt $Below }
    if (-not $found) {
        throw "$Name $Minimum or later, below $Below, is not installed. Install it with: Install-PSResource -Name $Name -Version '[$Minimum,$Below)'"
    }
}

function Assert-Staged {
    if (-not (Test-Path -LiteralPath "$module/NanoBanana.psd1")) {
        throw "There is no module in '$module'. Build it with: ./build.ps1"
    }
}

function Invoke-Build {
    # A release has native code for the platforms of most users; the others compile at run time (docs/decisions/0009).
    $native = $Configuration -eq 'Release' ? @('linux-x64', 'linux-arm64', 'osx-x64', 'osx-arm64', 'win-x64') : 'none'
    Invoke-DotNet -Argument 'build', $PSScriptRoot, '--configuration', $Configuration, "-property:NativeCode=$($native -join '%3B')"
}

function Invoke-Test {
    Invoke-DotNet -Argument 'test', $PSScriptRoot, '--configuration', $Configuration, '--logger', 'trx', '--results-directory', $results
}

function Invoke-Analyze {
    Assert-Tool -Name PSScriptAnalyzer -Minimum 1.21 -Below 2.0
    Assert-Staged
    # The manifest is looked at where the files that it names are: in the staged module.
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
    $trial = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), "NanoBanana-try-$([guid]::NewGuid())")
    try {
        Invoke-Alone -File "$PSScriptRoot/packaging/Test-Package.ps1" -With $module, $packages, $trial -Failure 'The package is not good.'
    }
    finally {
        Remove-Item -LiteralPath $trial -Recurse -Force -ErrorAction Ignore
    }
}

function Invoke-Clean {
    # The files of tools/Pwsh stay when it is what runs this script: the tasks that follow need them.
    $built = Get-ChildItem -LiteralPath $PSScriptRoot -Directory -Recurse -Depth 2 |
        Where-Object { $_.Name -cin 'bin', 'obj' -and -not $PSHOME.StartsWith($_.Parent.FullName) } |
        ForEach-Object FullName
    $present = @($built) + $module + $packages + $results | Where-Object { $_ -and (Test-Path -LiteralPath $_) }
    if ($present) {
        Remove-Item -LiteralPath $present -Recurse -Force
    }
}

try {
    # From another shell the names come as one word.
    $steps = @($Task -split ',' | ForEach-Object Trim)
    $unknown = $steps | Where-Object { $_ -notin 'Build', 'Test', 'Analyze', 'Pack', 'Clean' }
    if ($unknown) {
        throw "There is no task '$($unknown -join "', '")'. Tasks: Build, Test, Analyze, Pack, Clean."
    }
    foreach ($step in $steps) {
        & "Invoke-$step"
    }
}
catch {
    $Host.UI.WriteErrorLine("build.ps1: $($_.Exception.Message)")
    exit 1
}
