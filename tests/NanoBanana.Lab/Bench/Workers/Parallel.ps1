# The same as Sequential.ps1 with sixteen prompts at a time.
New-Item -ItemType Directory $folder | Out-Null
$prompts | ForEach-Object -ThrottleLimit 16 -Parallel {
    $headers = @{ Authorization = "Bearer $using:key" }
    $folder = $using:folder
    $body = @{ model = 'nano_banana_2'; input = @(@{ params = @{ prompt = $_; resolution = '0.5K' } }) } | ConvertTo-Json -Depth 5
    $post = @{ Method = 'Post'; Headers = $headers; ContentType = 'application/json'; Body = $body }
    $task = Invoke-RestMethod "$($using:endpoint)model/v1/generation" @post
    while ($true) {
        $task = Invoke-RestMethod "$($using:endpoint)model/v1/generation/task/$($task.id)" -Headers $headers
        if ($task.status -ne 'in_progress') { break }
        Start-Sleep -Seconds 3
    }
    Invoke-WebRequest $task.output[0].content[0].url -OutFile "$folder/$($task.id).png"
    Get-Item "$folder/$($task.id).png"
}
