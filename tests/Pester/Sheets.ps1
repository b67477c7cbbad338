<#
What the tests of sheets share, beside Shared.ps1.
#>

# Writes a file as a spreadsheet does: with the line ends of Windows.
function Write-Sheet {
    param([string] $Name, [string[]] $Line, [System.Text.Encoding] $Encoding = [System.Text.UTF8Encoding]::new($false))
    [System.IO.File]::WriteAllText((Join-Path $TestDrive $Name), (($Line -join "`r`n") + "`r`n"), $Encoding)
}
