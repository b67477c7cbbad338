<#
The code that the tests of sheets share, in addition to Shared.ps1.
#>

# Writes a file as a spreadsheet program does, with Windows line ends.
function Write-Sheet {
    param([string] $Name, [string[]] $Line, [System.Text.Encoding] $Encoding = [System.Text.UTF8Encoding]::new($false))
    [System.IO.File]::WriteAllText((Join-Path $TestDrive $Name), (($Line -join "`r`n") + "`r`n"), $Encoding)
}
