# Runs scripts in pwsh and measures itself, one request at a time, as EngineWorker does in a hosted engine.
$WarningPreference = 'SilentlyContinue' # A warning would mix with the answers.
$process = [System.Diagnostics.Process]::GetCurrentProcess()
while ($null -ne ($line = [Console]::In.ReadLine())) {
    $request = ConvertFrom-Json $line
    $prompts = @(for ($i = 0; $i -lt $request.Count; $i++) { "$($request.Prompt) $i" })
    $folder = $request.Folder
    $script = [scriptblock]::Create($request.Script)
    $Error.Clear()
    $process.Refresh()
    $cpu = $process.TotalProcessorTime
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $output = @(. $script)
    $seconds = $clock.Elapsed.TotalSeconds
    $process.Refresh()
    $answer = [ordered]@{
        Seconds    = $seconds
        CpuSeconds = ($process.TotalProcessorTime - $cpu).TotalSeconds
        PeakBytes  = $process.PeakWorkingSet64
        Items      = $output.Count
        Problems   = @($Error | ForEach-Object { "$_" })
    }
    [Console]::Out.WriteLine((ConvertTo-Json $answer -Compress))
}
