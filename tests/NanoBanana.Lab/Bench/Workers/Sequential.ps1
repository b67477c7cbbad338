# A usual script: one prompt after the other.
New-Item -ItemType Directory $folder | Out-Null
$headers = @{ Authorization = "Bearer $key" }
foreach ($prompt in $prompts) {
    $body = @{ model = 'nano_banana_2'; input = @(@{ params = @{ prompt = $prompt; resolution = '0.5K' } }) } | ConvertTo-Json -Depth 5
    $task = Invoke-RestMethod "$($endpoint)model/v1/generation" -Method Post -Headers $headers -ContentType 'application/json' -Body $body
    while ($true) {
        $task = Invoke-RestMethod "$($endpoint)model/v1/generation/task/$($task.id)" -Headers $headers
        if ($task.status -ne 'in_progress') { break }
        Start-Sleep -Seconds 3
    }
    Invoke-WebRequest $task.output[0].content[0].url -OutFile "$folder/$($task.id).png"
    Get-Item "$folder/$($task.id).png"
}
