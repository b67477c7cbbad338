<#
.SYNOPSIS
Writes the software bill of materials of the staged module as CycloneDX 1.6. build.ps1 -Task Pack calls it.

.DESCRIPTION
It lists each file of lib with its SHA-256 under the NuGet package of the file, as resolved for the build. A file that is not from a package
and not from this repository is an error. The same build creates the same document.
#>
[CmdletBinding()]
param(
    # The staged module.
    [Parameter(Mandatory, Position = 0)]
    [string] $ModulePath,

    # The file to write.
    [Parameter(Mandatory, Position = 1)]
    [string] $Path
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$assets = Get-Content -LiteralPath "$PSScriptRoot/../src/NanoBanana.PowerShell/obj/project.assets.json" -Raw | ConvertFrom-Json -AsHashtable
$packageFolder = @($assets.packageFolders.Keys)[0]
$version = "$((Test-ModuleManifest -Path "$ModulePath/NanoBanana.psd1").Version)"

function ConvertTo-FileComponent([System.IO.FileInfo] $File) {
    $hash = (Get-FileHash -LiteralPath $File.FullName -Algorithm SHA256).Hash.ToLowerInvariant()
    [ordered]@{
        type   = 'file'
        name   = [System.IO.Path]::GetRelativePath($ModulePath, $File.FullName).Replace('\', '/')
        hashes = @([ordered]@{ alg = 'SHA-256'; content = $hash })
    }
}

function Get-PackageLicense([string] $Library) {
    $nuspec = Get-ChildItem -Path (Join-Path $packageFolder $assets.libraries[$Library].path) -Filter *.nuspec | Select-Object -First 1
    $metadata = ([xml](Get-Content -LiteralPath $nuspec.FullName -Raw)).package.metadata
    if ($metadata['license'] -and $metadata['license'].type -eq 'expression') {
        return , @(@{ expression = $metadata['license'].InnerText })
    }
    , @(@{ license = @{ name = "see package $Library" } })
}

# The package of each file name in the build for an edition.
function Get-PackageByFile([string] $Framework) {
    $found = @{}
    $target = $assets.targets.Keys | Where-Object { $_ -match $Framework } | Select-Object -First 1
    foreach ($library in $assets.targets[$target].Keys) {
        foreach ($kind in 'runtime', 'runtimeTargets') {
            $files = $assets.targets[$target][$library][$kind]
            foreach ($file in $files ? $files.Keys : @()) {
                $found[[System.IO.Path]::GetFileName($file)] = $library
            }
        }
    }
    $found
}

$own = @()
$packages = @{}
foreach ($edition in @{ Name = 'Core'; Framework = '8\.0' }, @{ Name = 'Desktop'; Framework = '(?i)standard' }) {
    $packageByFile = Get-PackageByFile $edition.Framework
    foreach ($file in Get-ChildItem -LiteralPath "$ModulePath/lib/$($edition.Name)" -Recurse -File) {
        if ($file.Name -like 'NanoBanana*.dll') {
            $own += ConvertTo-FileComponent $file
            continue
        }
        $library = $packageByFile[$file.Name] ?? $(throw "'$($file.FullName)' is not from a package.")
        $packages[$library] = @($packages[$library]) + (ConvertTo-FileComponent $file) | Where-Object { $_ }
    }
}
$components = foreach ($library in $packages.Keys | Sort-Object) {
    $name, $number = $library -split '/'
    [ordered]@{
        type       = 'library'
        'bom-ref'  = "pkg:nuget/$name@$number"
        name       = $name
        version    = $number
        purl       = "pkg:nuget/$name@$number"
        licenses   = Get-PackageLicense $library
        components = @($packages[$library] | Sort-Object { $_.name })
    }
}
$document = [ordered]@{
    bomFormat   = 'CycloneDX'
    specVersion = '1.6'
    version     = 1
    metadata    = [ordered]@{
        component = [ordered]@{
            type = 'library'; 'bom-ref' = 'NanoBanana'; name = 'NanoBanana'; version = $version
            licenses = @(@{ expression = 'MIT' }); components = @($own | Sort-Object { $_.name })
        }
    }
    components  = @($components)
}
Set-Content -LiteralPath $Path -Value ($document | ConvertTo-Json -Depth 10) -Encoding utf8NoBOM
