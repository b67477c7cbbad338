<#
.SYNOPSIS
Creates the package for the PowerShell Gallery from the staged module. build.ps1 -Task Pack calls it.

.DESCRIPTION
The metadata of the package comes from the manifest, except the address of the license. The release notes are the section of this version
in CHANGELOG.md. See docs/decisions/0005-packaging.md.
#>
[CmdletBinding()]
param(
    # The staged module.
    [Parameter(Mandatory, Position = 0)]
    [string] $ModulePath,

    # The folder of the package.
    [Parameter(Mandatory, Position = 1)]
    [string] $Destination
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$root = Split-Path -Path $PSScriptRoot

function Get-ReleaseNote([version] $Version) {
    $changelog = Join-Path $root 'CHANGELOG.md'
    if (-not (Test-Path -LiteralPath $changelog)) {
        throw "The release notes are missing: '$changelog' does not exist."
    }
    $text = (Get-Content -LiteralPath $changelog -Raw) -replace '\r\n', "`n"
    # The section ends at the heading of another version or at the links.
    $section = [regex]::Match($text, "(?ms)^## \[$([regex]::Escape("$Version"))\][^\n]*\n(?<notes>.*?)(?=^## |^\[[^\]]+\]: |\z)")
    if (-not $section.Groups['notes'].Value.Trim()) {
        throw "CHANGELOG.md has no text for version $Version. Add a section '## [$Version]'."
    }
    $section.Groups['notes'].Value.Trim()
}

# Writes the release notes to the manifest as a literal. It does not change other text.
function Write-ReleaseNote([string] $ManifestPath, [string] $Notes) {
    $tokens = $errors = $null
    $syntax = [System.Management.Automation.Language.Parser]::ParseFile($ManifestPath, [ref]$tokens, [ref]$errors)
    $value = $syntax.FindAll({ $args[0] -is [System.Management.Automation.Language.HashtableAst] }, $true) |
        ForEach-Object { $_.KeyValuePairs } |
        Where-Object { $_.Item1.Extent.Text -eq 'ReleaseNotes' } |
        ForEach-Object { $_.Item2.Extent }
    if (-not $value) {
        throw "The manifest '$ManifestPath' has no ReleaseNotes to replace."
    }
    $text = $syntax.Extent.Text
    # PowerShell also accepts curly quotes as quotes, so they must be escaped.
    $literal = "'" + [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($Notes) + "'"
    $text = $text.Remove($value.StartOffset, $value.EndOffset - $value.StartOffset).Insert($value.StartOffset, $literal)
    # Without a byte order mark, Windows PowerShell reads UTF-8 as ANSI, and a byte of a character can end the literal.
    [System.IO.File]::WriteAllText($ManifestPath, $text, [System.Text.UTF8Encoding]::new($true))
}

function Write-Nuspec([string] $Path, [System.Management.Automation.PSModuleInfo] $Manifest) {
    # Find-PSResource uses these tags to find a module by its commands.
    $tags = @('PSModule') + $Manifest.Tags + 'PSIncludes_Cmdlet' +
        ($Manifest.ExportedCmdlets.Keys | Sort-Object | ForEach-Object { "PSCmdlet_$_"; "PSCommand_$_" })
    $fields = [ordered]@{
        id                       = $Manifest.Name
        version                  = "$($Manifest.Version)"
        authors                  = $Manifest.Author
        owners                   = $Manifest.CompanyName
        requireLicenseAcceptance = 'false'
        # The manifest does not have it, because each import would parse it.
        licenseUrl               = 'https://opensource.org/license/mit'
        projectUrl               = "$($Manifest.ProjectUri)"
        iconUrl                  = "$($Manifest.IconUri)"
        description              = $Manifest.Description
        releaseNotes             = $Manifest.ReleaseNotes
        copyright                = $Manifest.Copyright
        tags                     = $tags -join ' '
    }
    $lines = foreach ($field in $fields.GetEnumerator() | Where-Object -Property Value) {
        "    <$($field.Key)>$([System.Security.SecurityElement]::Escape($field.Value))</$($field.Key)>"
    }
    Set-Content -LiteralPath $Path -Encoding utf8NoBOM -Value @(
        '<?xml version="1.0" encoding="utf-8"?>'
        '<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">'
        '  <metadata>'
        $lines
        '  </metadata>'
        '  <files>'
        '    <file src="**" />'
        '  </files>'
        '</package>'
    )
}

# Load the bytes, so that the file is not locked.
$assembly = [System.Reflection.Assembly]::Load([System.IO.File]::ReadAllBytes("$ModulePath/lib/Core/NanoBanana.Models.dll"))
$built = [System.Reflection.CustomAttributeExtensions]::GetCustomAttribute($assembly, [System.Reflection.AssemblyConfigurationAttribute])
if ($built.Configuration -ne 'Release') {
    $command = './build.ps1 -Task Build, Pack -Configuration Release'
    throw "The staged module is a $($built.Configuration) build. To pack a Release build, run: $command"
}

$work = Join-Path -Path ([System.IO.Path]::GetTempPath()) -ChildPath "NanoBanana-pack-$([guid]::NewGuid())"
$null = New-Item -ItemType Directory -Path $work
try {
    Copy-Item -LiteralPath $ModulePath -Destination "$work/NanoBanana" -Recurse
    $manifestPath = "$work/NanoBanana/NanoBanana.psd1"
    $version = (Test-ModuleManifest -Path $manifestPath).Version
    Write-ReleaseNote -ManifestPath $manifestPath -Notes (Get-ReleaseNote $version)
    Write-Nuspec -Path "$work/NanoBanana.nuspec" -Manifest (Test-ModuleManifest -Path $manifestPath)

    # The project is only needed to run NuGet. The nuspec and its folder define the content.
    & dotnet pack "$root/src/NanoBanana.PowerShell" --no-build --configuration Release --output $Destination --nologo --verbosity quiet `
        "-p:NuspecFile=$work/NanoBanana.nuspec" "-p:NuspecBasePath=$work/NanoBanana" -p:NoPackageAnalysis=true
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet pack failed with exit code $LASTEXITCODE."
    }
}
finally {
    Remove-Item -LiteralPath $work -Recurse -Force
}
