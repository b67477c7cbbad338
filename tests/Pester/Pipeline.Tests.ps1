Describe 'The pipeline' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        $script:Emulator = Connect-TestEmulator

        function Get-Sent([string] $Prompt) {
            $Emulator.Tasks | Where-Object -Property Prompt -CEQ -Value $Prompt | ForEach-Object { $_.Parameters | ConvertFrom-Json }
        }
    }
    BeforeEach {
        $script:Before = $Emulator.Counters.CreatesReceived
        $script:Folder = Join-Path $TestDrive ([guid]::NewGuid())
    }
    AfterAll {
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
    }

    Context 'from a file of prompts to files of images' {
        It 'is one line: Get-Content | New | Wait | Save' {
            Set-Content -Path 'TestDrive:/prompts.txt' -Value (1..6 | ForEach-Object { "line $_" })
            $files = Get-Content -Path 'TestDrive:/prompts.txt' |
                New-NanoBananaImage -AspectRatio 16:9 -Resolution 2K |
                Wait-NanoBananaTask |
                Save-NanoBananaImage -Destination $Folder
            $files | Should -HaveCount 6
            $files | ForEach-Object { Get-PngSize $_.FullName | Should -Be '2752x1536' }
            $counts = $Emulator.CountByPrompt()
            1..6 | ForEach-Object { $counts["line $_"] } | Sort-Object -Unique | Should -Be 1
        }

        It 'saves the first images before the last prompt is sent' {
            $sentAtFirstFile = $null
            $downloads = $Emulator.Counters.Downloads
            $prompts = {
                1..100 | ForEach-Object { "overlap $_" }
                # With eight downloads at once, the ninth begins when a file is there.
                Wait-EmulatorCounter -Emulator $Emulator -Counter Downloads -AtLeast ($downloads + 9)
                101..200 | ForEach-Object { "overlap $_" }
            }
            $null = & $prompts |
                New-NanoBananaImage -Resolution 0.5K -ThrottleLimit 2 |
                Save-NanoBananaImage -Destination $Folder -ThrottleLimit 8 |
                ForEach-Object { $sentAtFirstFile ??= $Emulator.Counters.CreatesReceived - $Before }
            $sentAtFirstFile | Should -BeLessThan 200
        }

        It 'goes on beside a failure, which is one error in the end' {
            $files = 'fine 1', 'ill [fail:5001097]', 'fine 2' | New-NanoBananaImage | Wait-NanoBananaTask | Save-NanoBananaImage -Destination $Folder -ErrorVariable saving -ErrorAction SilentlyContinue 2>&1
            $files | Where-Object { $_ -is [System.IO.FileInfo] } | Should -HaveCount 2
            $files | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } |
                Should -BeNullOrEmpty -Because 'the error is that of Wait-NanoBananaTask, whose stream goes to the host'
            $saving | Should -BeNullOrEmpty
        }
    }

    Context 'rows of files' {
        It 'come from Import-Csv, with the headers of the wire and empty cells' {
            Set-Content -Path 'TestDrive:/rows.csv' -Value @(
                'prompt,aspect_ratio,resolution,image_urls,name'
                'csv fox,16:9,0.5K,https://a.example/fox.png,fox'
                'csv owl,,,,'
                '"csv hare, in snow",1:1,,,hare'
            )
            Import-Csv -Path 'TestDrive:/rows.csv' | New-NanoBananaImage | Should -HaveCount 3
            $fox = Get-Sent 'csv fox'
            $fox.aspect_ratio, $fox.resolution, $fox.image_urls | Should -Be '16:9', '0.5K', 'https://a.example/fox.png'
            (Get-Sent 'csv owl').PSObject.Properties.Name | Should -Be 'prompt'
            (Get-Sent 'csv hare, in snow').aspect_ratio | Should -Be '1:1'
        }

        It 'with an empty prompt are refused, alone, by their row' {
            Set-Content -Path 'TestDrive:/hole.csv' -Value 'prompt,name', 'csv one,a', ',b', 'csv two,c'
            Import-Csv -Path 'TestDrive:/hole.csv' | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue | Should -HaveCount 2
            $failures.FullyQualifiedErrorId | Should -Be 'InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand'
            $failures.TargetObject.name | Should -Be 'b'
        }

        It 'take an address with commas in one cell for one address' {
            [pscustomobject]@{ prompt = 'one address'; image_urls = 'https://a.example/w_100,h_100/fox.png' } | New-NanoBananaImage | Should -HaveCount 1
            (Get-Sent 'one address').image_urls | Should -Be @('https://a.example/w_100,h_100/fox.png')
        }

        It 'come from lines of JSON, arrays and all' {
            Set-Content -Path 'TestDrive:/rows.jsonl' -Value @(
                '{"prompt":"json fox","aspect_ratio":"21:9","image_urls":["https://a.example/1.png","https://a.example/2.png"]}'
                '{"prompt":"json owl","response_modalities":["Image"]}'
            )
            Get-Content -Path 'TestDrive:/rows.jsonl' | ConvertFrom-Json | New-NanoBananaImage | Should -HaveCount 2
            (Get-Sent 'json fox').image_urls | Should -Be 'https://a.example/1.png', 'https://a.example/2.png'
            (Get-Sent 'json owl').response_modalities | Should -Be @('Image')
        }

        It 'come from one JSON array' {
            '[{"prompt":"array fox"},{"prompt":"array owl"}]' | ConvertFrom-Json | New-NanoBananaImage | Should -HaveCount 2
        }

        It 'are no tables: a hashtable of ConvertFrom-Json is refused' {
            '{"prompt":"x"}' | ConvertFrom-Json -AsHashtable | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.FullyQualifiedErrorId | Should -Be 'InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand'
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }

        It 'come from Select-Object with a computed Prompt' {
            1..2 | Select-Object -Property @{ Name = 'Prompt'; Expression = { "computed $_" } } | New-NanoBananaImage | Should -HaveCount 2
            $Emulator.CountByPrompt()['computed 2'] | Should -Be 1
        }

        It 'come from objects of a class' {
            class Shot {
                [string] $Prompt
                [string] $AspectRatio = '3:4'
            }
            [Shot]@{ Prompt = 'of a class' } | New-NanoBananaImage | Should -HaveCount 1
            (Get-Sent 'of a class').aspect_ratio | Should -Be '3:4'
        }
    }

    Context 'that is cut short' {
        It 'by Select-Object -First buys no more than was on its way' {
            $task = 1..500 | ForEach-Object { "cut $_" } | New-NanoBananaImage -ThrottleLimit 4 | Select-Object -First 1
            $task | Should -HaveCount 1
            # Those on their way when the first came out, and those that took their places meanwhile; never the rest.
            $Emulator.Counters.CreatesReceived - $Before | Should -BeLessThan 50
        }

        It 'by Select-Object -First waits for no task that is not wanted' {
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            $first = 'stays [hold]', 'comes' | New-NanoBananaImage | Wait-NanoBananaTask | Select-Object -First 1
            $first.Prompt | Should -Be 'comes'
            $clock.Elapsed.TotalSeconds | Should -BeLessThan 30
            $Emulator.Release()
        }

        It 'by break sends nothing more' {
            foreach ($once in 1) {
                1..500 | ForEach-Object { "broken $_" } | New-NanoBananaImage -ThrottleLimit 4 | ForEach-Object { break }
            }
            $Emulator.Counters.CreatesReceived - $Before | Should -BeLessThan 50
        }

        It 'by an exception downstream sends nothing more, and the connection is still good' {
            { 1..500 | ForEach-Object { "thrown $_" } | New-NanoBananaImage -ThrottleLimit 4 | ForEach-Object { throw 'enough' } } | Should -Throw 'enough'
            $Emulator.Counters.CreatesReceived - $Before | Should -BeLessThan 50
            'still good' | New-NanoBananaImage -Wait | Should -HaveCount 1
        }
    }

    Context 'and its errors' {
        It 'leave $? false and go on' {
            $null = Get-NanoBananaTask -Id 'nosuchtask0000000000' -ErrorAction SilentlyContinue
            $? | Should -BeFalse
            $null = 'well' | New-NanoBananaImage
            $? | Should -BeTrue
        }

        It 'are caught by try and catch with -ErrorAction Stop, with all that they know' {
            try {
                'stops [fail:5001095]' | New-NanoBananaImage | Wait-NanoBananaTask -ErrorAction Stop
            }
            catch [NanoBanana.NanoBananaException] {
                $caught = $_
            }
            $caught.FullyQualifiedErrorId | Should -Be 'TaskFailed,NanoBanana.Commands.WaitNanoBananaTaskCommand'
            $caught.Exception.Kind | Should -Be 'TaskFailed'
            $caught.Exception.ProviderCode | Should -Be '005001095'
            $caught.TargetObject.Prompt | Should -Be 'stops [fail:5001095]'
        }

        It 'follow $ErrorActionPreference' {
            $ErrorActionPreference = 'Stop'
            { Get-NanoBananaTask -Id 'nosuchtask0000000000' } | Should -Throw -ErrorId 'TaskNotFound,NanoBanana.Commands.GetNanoBananaTaskCommand'
        }

        It 'are collected by -ErrorVariable' {
            $null = Get-NanoBananaTask -Id 'nosuchtask0000000000' -ErrorVariable failures -ErrorAction SilentlyContinue
            $null = Get-NanoBananaTask -Id 'nosuchtask0000000001' -ErrorVariable +failures -ErrorAction SilentlyContinue
            $failures | Should -HaveCount 2
        }

        It 'leave no trace with -ErrorAction Ignore' {
            $count = $Error.Count
            $null = Get-NanoBananaTask -Id 'nosuchtask0000000000' -ErrorAction Ignore
            $Error.Count | Should -Be $count
        }

        It 'go where 2>&1 sends them, beside the objects' {
            $all = 'one', 'two [fail:5001098]' | New-NanoBananaImage | Wait-NanoBananaTask 2>&1
            ($all | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }).FullyQualifiedErrorId |
                Should -Be 'TaskFailed,NanoBanana.Commands.WaitNanoBananaTaskCommand'
            $all | Where-Object { $_ -is [NanoBanana.ImageTask] } | Should -HaveCount 2
        }

        It 'can be piped again: their target is the task' {
            $null = 'again and again [fail:5001095]' | New-NanoBananaImage | Wait-NanoBananaTask -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.TargetObject | New-NanoBananaImage | Should -HaveCount 1
            $Emulator.CountByPrompt()['again and again [fail:5001095]'] | Should -Be 2
        }
    }

    Context 'and its other streams' {
        It 'tell each request in a verbose line: method, path, status, attempt, milliseconds' {
            $lines = 'told' | New-NanoBananaImage -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
            "$lines" | Should -Match 'POST /model/v1/generation 200, attempt 1, \d+ ms'
        }

        It 'are silent unless asked' {
            $all = 'silent' | New-NanoBananaImage | Save-NanoBananaImage -Destination $Folder *>&1
            $all | Should -HaveCount 1
            $all | Should -BeOfType ([System.IO.FileInfo])
        }
    }

    Context 'beside others' {
        It 'runs in ForEach-Object -Parallel over one -Connection' {
            $connection = Get-NanoBananaConnection
            $files = 1..4 | ForEach-Object -ThrottleLimit 4 -Parallel {
                Import-Module -Name $using:ModulePath
                "parallel $_" | New-NanoBananaImage -Resolution 0.5K -Connection $using:connection |
                    Save-NanoBananaImage -Destination $using:Folder -Connection $using:connection
            }
            $files | Should -HaveCount 4
            $counts = $Emulator.CountByPrompt()
            1..4 | ForEach-Object { $counts["parallel $_"] } | Should -Be 1, 1, 1, 1
        }

        It 'runs in a background job on a thread' {
            $connection = Get-NanoBananaConnection
            $job = 1 | ForEach-Object -AsJob -Parallel {
                Import-Module -Name $using:ModulePath
                'in a thread' | New-NanoBananaImage -Connection $using:connection -Wait
            }
            ($job | Receive-Job -Wait -AutoRemoveJob).Status | Should -Be 'Completed'
        }

        It 'takes a task that came out of another process' {
            $job = Start-Job -ArgumentList $ModulePath, $Emulator.Endpoint, $Emulator.GetApiKey() -ScriptBlock {
                param($Module, $Endpoint, $Key)
                Import-Module -Name $Module
                Connect-NanoBanana -ApiKey $Key -Endpoint $Endpoint
                'from a job' | New-NanoBananaImage
            }
            $task = $job | Receive-Job -Wait -AutoRemoveJob
            $task.PSObject.TypeNames[0] | Should -Be 'Deserialized.NanoBanana.ImageTask'
            $task | Save-NanoBananaImage -Destination $Folder | Should -HaveCount 1
        }

        It 'takes a task that was kept in a file' {
            'kept' | New-NanoBananaImage | Export-Clixml -Path 'TestDrive:/task.xml'
            Import-Clixml -Path 'TestDrive:/task.xml' | Save-NanoBananaImage -Destination $Folder | Should -HaveCount 1
        }
    }

    Context 'under strict rules' {
        It 'runs with Set-StrictMode -Version Latest and -ErrorAction Stop' {
            Set-StrictMode -Version Latest
            $ErrorActionPreference = 'Stop'
            $files = 'strict' | New-NanoBananaImage | Wait-NanoBananaTask | Save-NanoBananaImage -Destination $Folder
            $files.Task.Elapsed | Should -BeOfType ([timespan])
        }
    }

    Context 'in other cultures' {
        BeforeAll {
            $script:Culture = [cultureinfo]::CurrentCulture
        }
        AfterEach {
            [cultureinfo]::CurrentCulture = $Culture
        }

        It 'sends and names the same in <_>' -ForEach 'de-DE', 'tr-TR', 'ar-SA', 'th-TH' {
            [cultureinfo]::CurrentCulture = $_
            # tr-TR has its own lower case for I; th-TH counts other years; de-DE writes 0,5.
            $file = [pscustomobject]@{ PROMPT = "ISTANBUL in $_"; IMAGE_URLS = 'https://a.example/I.png'; RESOLUTION = '0.5k' } |
                New-NanoBananaImage | Wait-NanoBananaTask | Save-NanoBananaImage -Destination $Folder -FileName '{name}-{index:00}-{date}'
            $file.Name | Should -Be "istanbul-in-$($_.ToLowerInvariant())-00-$([datetime]::Now.ToString('yyyy-MM-dd', [cultureinfo]::InvariantCulture)).png"
            $sent = Get-Sent "ISTANBUL in $_"
            $sent.resolution | Should -Be '0.5K'
            $sent.image_urls | Should -Be @('https://a.example/I.png')
            $file.Task.Status | Should -Be 'Completed'
        }

        It 'says the same with -WhatIf' {
            [cultureinfo]::CurrentCulture = 'de-DE'
            Get-HostText { 'x' | New-NanoBananaImage -Resolution 0.5K -AspectRatio 1:1 -WhatIf } | Should -BeLike '*1:1 0.5K (512x512), 747 output tokens*'
        }
    }
}
