# Runs a pipeline with a file of prompts. It writes lines with tabs:
# - "idle" before the start. Then it waits for a line of input.
# - "files" after the first file and after each tenth of the files: the number of files, seconds, and the bytes that the garbage
#   collector had committed and in use at its last collection.
# - "end": the number of files, seconds, managed memory after a collection, and the number of errors.
param([string] $Module, [string] $Endpoint, [string] $Key, [string] $PromptFile, [string] $Folder, [int] $Count)
$WarningPreference = 'SilentlyContinue' # A warning would mix with the lines.
Import-Module $Module -ErrorAction Stop
Connect-NanoBanana -Endpoint $Endpoint -ApiKey $Key
[Console]::Out.WriteLine('idle')
$null = [Console]::In.ReadLine()
$Error.Clear()
$tenth = [Math]::Max(1, [int] ($Count / 10))
$files = 0
$clock = [System.Diagnostics.Stopwatch]::StartNew()
Get-Content $PromptFile | New-NanoBananaImage -Batch long-run -Resolution 0.5K | Wait-NanoBananaTask |
    Save-NanoBananaImage -Destination $Folder | ForEach-Object {
        if (++$files % $tenth -eq 0 -or $files -eq 1) {
            $seconds = $clock.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture)
            $memory = [GC]::GetGCMemoryInfo()
            [Console]::Out.WriteLine([string]::Join("`t", 'files', $files, $seconds, $memory.TotalCommittedBytes, $memory.HeapSizeBytes))
        }
    }
$seconds = $clock.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture)
[Console]::Out.WriteLine([string]::Join("`t", 'end', $files, $seconds, [GC]::GetTotalMemory($true), $Error.Count))
$Error | Select-Object -First 3 | ForEach-Object { [Console]::Error.WriteLine($_) }
