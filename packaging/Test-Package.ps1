<#
.SYNOPSIS
Tests a new copy of the package: whether it contains the staged files, can be imported, and exports the commands of its manifest.
build.ps1 -Task Pack calls it.
#>
[CmdletBinding()]
param(
    # The staged module of the package.
    [Parameter(Mandatory, Position = 0)]
    [string] $ModulePath,

    # The folder of the package.
    [Parameter(Mandatory, Position = 1)]
    [string] $PackageFolder,

    # A new folder for the copy.
    [Parameter(Mandatory, Position = 2)]
    [string] $CopyFolder
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

function Get-File([string] $Folder) {
    Get-ChildItem -LiteralPath $Folder -Recurse -File -Force |
        ForEach-Object { [System.IO.Path]::GetRelativePath($Folder, $_.FullName).Replace('\', '/') } | Sort-Object
}

function Assert-Same([string] $What, [string[]] $Expected, [string[]] $Found) {
    $difference = Compare-Object -ReferenceObject $Expected -DifferenceObject $Found
    if ($difference) {
        throw "$What differ: $(($difference | ForEach-Object { "$($_.SideIndicator) $($_.InputObject)" }) -join ', ')."
    }
}

try {
    $version = (Test-ModuleManifest -Path "$ModulePath/NanoBanana.psd1").Version
    $package = "$PackageFolder/NanoBanana.$version.nupkg"
    $copy = "$CopyFolder/NanoBanana/$version"
    [System.IO.Compression.ZipFile]::ExtractToDirectory($package, $copy)

    # Files that NuGet adds. An installation of the module removes them, too.
    Get-ChildItem -LiteralPath $copy -Force |
        Where-Object { $_.Name -in '_rels', 'package', '[Content_Types].xml' -or $_.Extension -eq '.nuspec' } |
        ForEach-Object { Remove-Item -LiteralPath $_.FullName -Recurse -Force }
    Assert-Same -What 'The files of the package and the staged files' -Expected (Get-File $ModulePath) -Found (Get-File $copy)

    $manifest = Test-ModuleManifest -Path "$copy/NanoBanana.psd1"
    if (-not $manifest.ReleaseNotes) {
        throw 'The manifest of the package has no release notes.'
    }
    Import-Module -Name "$copy/NanoBanana.psd1"
    $module = Get-Module -Name NanoBanana
    $expected = $manifest.ExportedCommands.Keys
    Assert-Same -What 'The exported commands and those of the manifest' -Expected $expected -Found $module.ExportedCommands.Keys

    $emulator = Start-NanoBananaEmulator -TimeScale 0
    $emulator | Connect-NanoBanana
    $image = New-NanoBananaImage -Prompt 'a red fox' -OutFile "$CopyFolder/fox.png"
    $emulator | Stop-NanoBananaEmulator

    # If the package has native code for this platform, PowerShell must load that copy of the client.
    $client = [System.AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'NanoBanana.Client' }
    $stream = [System.IO.File]::OpenRead($client.Location)
    $reader = [System.Reflection.PortableExecutable.PEReader]::new($stream)
    $isNative = $reader.PEHeaders.CorHeader.ManagedNativeHeaderDirectory.Size -gt 0
    $reader.Dispose()
    $architecture = "$([System.Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture)".ToLowerInvariant()
    $platform = "$($IsWindows ? 'win' : $IsMacOS ? 'osx' : 'linux')-$architecture"
    if ($isNative -ne (Test-Path -LiteralPath "$copy/lib/Core/Dependencies/runtimes/$platform/lib")) {
        throw "PowerShell loaded '$($client.Location)', which is not the copy of the client for $platform."
    }
    "$package passed the test. It exports $($module.ExportedCommands.Count) commands and generated an image of $($image.Length) bytes."
}
catch {
    $Host.UI.WriteErrorLine($_.Exception.Message)
    exit 1
}
