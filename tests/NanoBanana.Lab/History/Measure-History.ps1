# Measures commands on a journal in pwsh. Writes a line for each: the command, milliseconds to the first row and to the end, the number
# of rows, and the largest increase of managed memory.
param([string] $Module, [string] $CommandFile, [int] $Rounds)
$ErrorActionPreference = 'Stop'
Import-Module $Module
Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana
foreach ($command in [System.IO.File]::ReadAllLines($CommandFile)) {
    $block = [scriptblock]::Create($command)
    $measures = foreach ($n in 0..($Rounds - 1)) {
        $before = $most = [GC]::GetTotalMemory($true)
        $rows = 0
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        $first = $null
        & $block | ForEach-Object {
            if ($rows++ -eq 0) { $first = $watch.Elapsed.TotalMilliseconds }
            if ($rows % 1000 -eq 0) { $most = [Math]::Max($most, [GC]::GetTotalMemory($false)) }
        }
        $all = $watch.Elapsed.TotalMilliseconds
        if ($null -eq $first) { $first = $all }
        [pscustomobject]@{ First = $first; All = $all; Rows = $rows; Bytes = [Math]::Max($most, [GC]::GetTotalMemory($false)) - $before }
    }
    $median = @($measures | Sort-Object First)[[Math]::Floor($Rounds / 2)]
    [string]::Join("`t", $command, [long] $median.First, [long] $median.All, $median.Rows, $median.Bytes)
}
Stop-NanoBananaEmulator
