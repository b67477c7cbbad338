# The terminal of the screenshot runs this before the first line is typed.
param([string] $ModulePath, [string] $Folder)
$env:NANOBANANA_JOURNAL = Join-Path $Folder journal.db
Import-Module $ModulePath
Set-Location $Folder
function prompt { 'PS> ' }
Start-NanoBananaEmulator -TimeScale 1 -Seed 5 | Connect-NanoBanana
Clear-Host
