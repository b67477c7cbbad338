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

    Context 'from a prompt file to image files' {
        It 'is one pipeline: Get-Content | New | Wait | Save' {
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
                # With eight concurrent downloads, the ninth starts after the first file is complete.
                Wait-EmulatorCounter -Emulator $Emulator -Counter Downloads -AtLeast ($downloads + 9)
                101..200 | ForEach-Object { "overlap $_" }
            }
            $null = & $prompts |
                New-NanoBananaImage -Resolution 0.5K -ThrottleLimit 2 |
                Save-NanoBananaImage -Destination $Folder -ThrottleLimit 8 |
                ForEach-Object { $sentAtFirstFile ??= $Emulator.Counters.CreatesReceived - $Before }
            $sentAtFirstFile | Should -BeLessThan 200
        }

        It 'continues after a failure, which is one error' {
            $files = 'fine 1', 'ill [fail:5001097]', 'fine 2' | New-NanoBananaImage | Wait-NanoBananaTask |
                Save-NanoBananaImage -Destination $Folder -ErrorVariable saving -ErrorAction SilentlyContinue 2>&1
            $files | Where-Object { $_ -is [System.IO.FileInfo] } | Should -HaveCount 2
            $files | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } |
                Should -BeNullOrEmpty -Because 'the error is that of Wait-NanoBananaTask, whose stream goes to the host'
            $saving | Should -BeNullOrEmpty
        }
    }

    Context 'rows of files' {
        It 'can be read with Import-Csv, with the names of the API and empty cells' {
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

        It 'with an empty prompt are refused alone, with the row as target' {
            Set-Content -Path 'TestDrive:/hole.csv' -Value 'prompt,name', 'csv one,a', ',b', 'csv two,c'
            Import-Csv -Path 'TestDrive:/hole.csv' | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue |
                Should -HaveCount 2
            $failures.FullyQualifiedErrorId | Should -Be 'InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand'
            $failures.TargetObject.name | Should -Be 'b'
        }

        It 'with one address that contains commas send one address' {
            [pscustomobject]@{ prompt = 'one address'; image_urls = 'https://a.example/w_100,h_100/fox.png' } | New-NanoBananaImage |
                Should -HaveCount 1
            (Get-Sent 'one address').image_urls | Should -Be @('https://a.example/w_100,h_100/fox.png')
        }

        It 'can be read from lines of JSON with arrays' {
            Set-Content -Path 'TestDrive:/rows.jsonl' -Value @(
                '{"prompt":"json fox","aspect_ratio":"21:9","image_urls":["https://a.example/1.png","https://a.example/2.png"]}'
                '{"prompt":"json owl","response_modalities":["Image"]}'
            )
            Get-Content -Path 'TestDrive:/rows.jsonl' | ConvertFrom-Json | New-NanoBananaImage | Should -HaveCount 2
            (Get-Sent 'json fox').image_urls | Should -Be 'https://a.example/1.png', 'https://a.example/2.png'
            (Get-Sent 'json owl').response_modalities | Should -Be @('Image')
        }

        It 'can be read from one JSON array' {
            '[{"prompt":"array fox"},{"prompt":"array owl"}]' | ConvertFrom-Json | New-NanoBananaImage | Should -HaveCount 2
        }

        It 'are refused as hashtables of ConvertFrom-Json' {
            '{"prompt":"x"}' | ConvertFrom-Json -AsHashtable | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.FullyQualifiedErrorId | Should -Be 'InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand'
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }

        It 'can have a computed Prompt of Select-Object' {
            1..2 | Select-Object -Property @{ Name = 'Prompt'; Expression = { "computed $_" } } | New-NanoBananaImage | Should -HaveCount 2
            $Emulator.CountByPrompt()['computed 2'] | Should -Be 1
        }

        It 'can be instances of a script class' {
            class Shot {
                [string] $Prompt
                [string] $AspectRatio = '3:4'
            }
            [Shot]@{ Prompt = 'of a class' } | New-NanoBananaImage | Should -HaveCount 1
            (Get-Sent 'of a class').aspect_ratio | Should -Be '3:4'
        }
    }

    Context 'terminated early' {
        It 'by Select-Object -First submits only requests in flight' {
            $task = 1..500 | ForEach-Object { "cut $_" } | New-NanoBananaImage -ThrottleLimit 4 | Select-Object -First 1
            $task | Should -HaveCount 1
            # The requests in flight at the first output, and those that replaced them, but not all.
            $Emulator.Counters.CreatesReceived - $Before | Should -BeLessThan 50
        }

        It 'by Select-Object -First does not wait for other tasks' {
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            $first = 'stays [hold]', 'comes' | New-NanoBananaImage | Wait-NanoBananaTask | Select-Object -First 1
            $first.Prompt | Should -Be 'comes'
            $clock.Elapsed.TotalSeconds | Should -BeLessThan 30
            $Emulator.Release()
        }

        It 'by break sends nothing else' {
            foreach ($once in 1) {
                1..500 | ForEach-Object { "broken $_" } | New-NanoBananaImage -ThrottleLimit 4 | ForEach-Object { break }
            }
            $Emulator.Counters.CreatesReceived - $Before | Should -BeLessThan 50
        }

        It 'by an exception of a later command sends nothing else and keeps the connection' {
            { 1..500 | ForEach-Object { "thrown $_" } | New-NanoBananaImage -ThrottleLimit 4 | ForEach-Object { throw 'enough' } } |
                Should -Throw 'enough'
            $Emulator.Counters.CreatesReceived - $Before | Should -BeLessThan 50
            'still good' | New-NanoBananaImage -Wait | Should -HaveCount 1
        }
    }

    Context 'errors' {
        It 'set $? to false and do not end the script' {
            $null = Get-NanoBananaTask -Id 'nosuchtask0000000000' -ErrorAction SilentlyContinue
            $? | Should -BeFalse
            $null = 'well' | New-NanoBananaImage
            $? | Should -BeTrue
        }

        It 'are caught by try and catch with -ErrorAction Stop, with kind, code and target' {
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
            { Get-NanoBananaTask -Id 'nosuchtask0000000000' } |
                Should -Throw -ErrorId 'TaskNotFound,NanoBanana.Commands.GetNanoBananaTaskCommand'
        }

        It 'are collected by -ErrorVariable' {
            $null = Get-NanoBananaTask -Id 'nosuchtask0000000000' -ErrorVariable failures -ErrorAction SilentlyContinue
            $null = Get-NanoBananaTask -Id 'nosuchtask0000000001' -ErrorVariable +failures -ErrorAction SilentlyContinue
            $failures | Should -HaveCount 2
        }

        It 'are not recorded with -ErrorAction Ignore' {
            $count = $Error.Count
            $null = Get-NanoBananaTask -Id 'nosuchtask0000000000' -ErrorAction Ignore
            $Error.Count | Should -Be $count
        }

        It 'are redirected by 2>&1 together with the objects' {
            $all = 'one', 'two [fail:5001098]' | New-NanoBananaImage | Wait-NanoBananaTask 2>&1
            ($all | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }).FullyQualifiedErrorId |
                Should -Be 'TaskFailed,NanoBanana.Commands.WaitNanoBananaTaskCommand'
            $all | Where-Object { $_ -is [NanoBanana.ImageTask] } | Should -HaveCount 2
        }

        It 'have the task as target, which can be piped again' {
            $null = 'again and again [fail:5001095]' | New-NanoBananaImage |
                Wait-NanoBananaTask -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.TargetObject | New-NanoBananaImage | Should -HaveCount 1
            $Emulator.CountByPrompt()['again and again [fail:5001095]'] | Should -Be 2
        }
    }

    Context 'other streams' {
        It 'have a verbose message for each request with method, path, status, attempt and milliseconds' {
            $lines = 'verbose' | New-NanoBananaImage -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
            "$lines" | Should -Match 'POST /model/v1/generation 200, attempt 1, \d+ ms'
        }

        It 'are empty by default' {
            $all = 'silent' | New-NanoBananaImage | Save-NanoBananaImage -Destination $Folder *>&1
            $all | Should -HaveCount 1
            $all | Should -BeOfType ([System.IO.FileInfo])
        }
    }

    Context 'in parallel and in other processes' {
        It 'runs in ForEach-Object -Parallel with one -Connection' {
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

        It 'runs in a thread job' {
            $connection = Get-NanoBananaConnection
            $job = 1 | ForEach-Object -AsJob -Parallel {
                Import-Module -Name $using:ModulePath
                'in a thread' | New-NanoBananaImage -Connection $using:connection -Wait
            }
            ($job | Receive-Job -Wait -AutoRemoveJob).Status | Should -Be 'Completed'
        }

        It 'accepts a task from another process' {
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

        It 'accepts a task from a file' {
            'kept' | New-NanoBananaImage | Export-Clixml -Path 'TestDrive:/task.xml'
            Import-Clixml -Path 'TestDrive:/task.xml' | Save-NanoBananaImage -Destination $Folder | Should -HaveCount 1
        }
    }

    Context 'in strict mode' {
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

        It 'sends the same request and writes the same file name in <_>' -ForEach 'de-DE', 'tr-TR', 'ar-SA', 'th-TH' {
            [cultureinfo]::CurrentCulture = $_
            # tr-TR has another lower case of I, th-TH has another calendar, and de-DE has a decimal comma.
            $file = [pscustomobject]@{ PROMPT = "ISTANBUL in $_"; IMAGE_URLS = 'https://a.example/I.png'; RESOLUTION = '0.5k' } |
                New-NanoBananaImage | Wait-NanoBananaTask | Save-NanoBananaImage -Destination $Folder -FileName '{name}-{index:00}-{date}'
            $date = [datetime]::Now.ToString('yyyy-MM-dd', [cultureinfo]::InvariantCulture)
            $file.Name | Should -Be "istanbul-in-$($_.ToLowerInvariant())-00-$date.png"
            $sent = Get-Sent "ISTANBUL in $_"
            $sent.resolution | Should -Be '0.5K'
            $sent.image_urls | Should -Be @('https://a.example/I.png')
            $file.Task.Status | Should -Be 'Completed'
        }

        It 'shows the same text with -WhatIf' {
            [cultureinfo]::CurrentCulture = 'de-DE'
            Get-HostText { 'x' | New-NanoBananaImage -Resolution 0.5K -AspectRatio 1:1 -WhatIf } |
                Should -BeLike '*1:1 0.5K (512x512), 747 output tokens*'
        }
    }
}
