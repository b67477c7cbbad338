Describe 'New-NanoBananaImage' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        $script:Emulator = Connect-TestEmulator
        $script:Invalid = 'InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand'
        $script:NotText = 'ParameterArgumentTransformationError,NanoBanana.Commands.NewNanoBananaImageCommand'

        # The parameters that the emulator received with a prompt.
        function Get-Sent([string] $Prompt) {
            $Emulator.Tasks | Where-Object -Property Prompt -CEQ -Value $Prompt | ForEach-Object { $_.Parameters | ConvertFrom-Json }
        }
    }
    BeforeEach {
        $script:Before = $Emulator.Counters.CreatesReceived
    }
    AfterAll {
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
    }

    Context 'one prompt' {
        It 'is emitted as a task after the service has accepted it' {
            $task = New-NanoBananaImage -Prompt 'accepted [hold]'
            $task | Should -BeOfType ([NanoBanana.ImageTask])
            $task.Id | Should -Be ($Emulator.Tasks | Where-Object -Property Prompt -EQ -Value 'accepted [hold]').Id
            $task.Status | Should -BeIn 'Pending', 'Running'
            $task.Prompt | Should -Be 'accepted [hold]'
            $task.Endpoint | Should -Be $Emulator.Endpoint
            $task.CreatedAt | Should -BeOfType ([System.DateTimeOffset])
        }

        It 'is the first positional parameter' {
            (New-NanoBananaImage 'by position').Prompt | Should -Be 'by position'
        }

        It 'is sent without default values' {
            $null = New-NanoBananaImage 'alone'
            (Get-Sent 'alone').PSObject.Properties.Name | Should -Be 'prompt'
        }

        It 'is sent unchanged with any characters' {
            $prompt = "a `"café`" — 狐狸 🦊`n\ two lines & <tags>"
            $null = $prompt | New-NanoBananaImage
            $Emulator.CountByPrompt()[$prompt] | Should -Be 1
        }

        It 'can have <Length> characters' -ForEach @{ Length = 1 }, @{ Length = 2500 } {
            'x' * $Length | New-NanoBananaImage | Should -HaveCount 1
        }

        It 'is counted in code points' {
            '🦊' * 2500 | New-NanoBananaImage | Should -HaveCount 1
        }
    }

    Context 'several prompts' {
        It 'are one task each, as an array or from the pipeline' {
            New-NanoBananaImage -Prompt 'array 1', 'array 2', 'array 3' | Should -HaveCount 3
            'pipe 1', 'pipe 2', 'pipe 3' | New-NanoBananaImage | Should -HaveCount 3
        }

        It 'keep their order in InputIndex' {
            $tasks = 0..19 | ForEach-Object { "in order $_" } | New-NanoBananaImage
            $tasks | ForEach-Object { $_.Prompt | Should -Be "in order $($_.InputIndex)" }
            ($tasks.InputIndex | Sort-Object) -join ' ' | Should -Be (0..19 -join ' ')
        }

        It 'are submitted once each' {
            $null = 1..40 | ForEach-Object { "once $_" } | New-NanoBananaImage
            $counts = $Emulator.CountByPrompt()
            1..40 | ForEach-Object { $counts["once $_"] } | Sort-Object -Unique | Should -Be 1
        }

        It 'are submitted separately if they are equal' {
            $null = 'twice', 'twice' | New-NanoBananaImage
            $Emulator.CountByPrompt()['twice'] | Should -Be 2
        }

        It 'are limited by -ThrottleLimit while in flight' {
            $narrow = Start-NanoBananaEmulator -TimeScale 0
            $connection = $narrow | Connect-NanoBanana -PassThru
            try {
                $null = 1..30 | ForEach-Object { "narrow $_" } | New-NanoBananaImage -Connection $connection -ThrottleLimit 2
                $narrow.Counters.PeakConcurrentRequests | Should -BeLessOrEqual 2
            }
            finally {
                $narrow | Stop-NanoBananaEmulator
                $Emulator | Connect-NanoBanana
            }
        }

        It 'do not include blank lines, which -Verbose counts' {
            $output = 'line 1', '', '   ', $null, 'line 2' | New-NanoBananaImage -Verbose 4>&1
            $output | Where-Object { $_ -is [NanoBanana.ImageTask] } | Should -HaveCount 2
            "$output" | Should -BeLike '*3 blank lines were skipped*'
        }
    }

    Context 'parameters of a prompt' {
        It 'include <Parameter>, sent as <Field>' -ForEach @(
            @{ Parameter = 'AspectRatio'; Value = '16:9'; Field = 'aspect_ratio'; Sent = '16:9' }
            @{ Parameter = 'Resolution'; Value = '4K'; Field = 'resolution'; Sent = '4K' }
            @{ Parameter = 'Resolution'; Value = '2k'; Field = 'resolution'; Sent = '2K' }
            @{ Parameter = 'ResponseModality'; Value = 'text', 'Image'; Field = 'response_modalities'; Sent = 'Text', 'Image' }
            @{ Parameter = 'ImageUrl'; Value = 'https://a.example/1.png'; Field = 'image_urls'; Sent = @('https://a.example/1.png') }
        ) {
            $arguments = @{ $Parameter = $Value }
            $prompt = "with $Parameter $Value"
            $task = New-NanoBananaImage -Prompt $prompt @arguments
            (Get-Sent $prompt).$Field | Should -Be $Sent
            $task.$Parameter | Should -Be $Sent
        }

        It 'include a local image, sent as a data URI' {
            $gif = [System.Convert]::FromBase64String('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7')
            [System.IO.File]::WriteAllBytes((Join-Path $TestDrive 'tiny.gif'), $gif)
            $null = New-NanoBananaImage 'with an image' -ImagePath 'TestDrive:/tiny.gif'
            (Get-Sent 'with an image').image_urls | Should -Match '^data:image/gif;base64,R0lGODlh'
        }

        It 'include a name, which is not sent' {
            (New-NanoBananaImage 'with a name' -Name 'shot-1').Name | Should -Be 'shot-1'
            (Get-Sent 'with a name').PSObject.Properties.Name | Should -Be 'prompt'
        }
    }

    Context 'a row of a table' {
        It 'binds by parameter names' {
            $row = [pscustomobject]@{
                Prompt = 'our names'; AspectRatio = '1:1'; Resolution = '0.5K'; ResponseModality = 'Image'; Name = 'row'
                ImageUrl = 'https://a.example/1.png', 'https://a.example/2.png'
            }
            ($row | New-NanoBananaImage).Name | Should -Be 'row'
            $sent = Get-Sent 'our names'
            $sent.aspect_ratio | Should -Be '1:1'
            $sent.resolution | Should -Be '0.5K'
            $sent.image_urls | Should -Be 'https://a.example/1.png', 'https://a.example/2.png'
            $sent.response_modalities | Should -Be 'Image'
        }

        It 'binds by the names of the API' {
            [pscustomobject]@{
                prompt = 'wire names'; aspect_ratio = '9:16'; image_urls = 'https://a.example/1.png'; response_modalities = 'Text', 'Image'
            } |
                New-NanoBananaImage | Should -HaveCount 1
            $sent = Get-Sent 'wire names'
            $sent.aspect_ratio | Should -Be '9:16'
            $sent.image_urls | Should -Be 'https://a.example/1.png'
            $sent.response_modalities | Should -Be 'Text', 'Image'
        }

        It 'takes missing values from the command line' {
            [pscustomobject]@{ prompt = 'from the line' } | New-NanoBananaImage -Resolution 2K | Should -HaveCount 1
            (Get-Sent 'from the line').resolution | Should -Be '2K'
        }

        It 'does not pass its values to the next row' {
            @(
                [pscustomobject]@{ prompt = 'lender'; aspect_ratio = '21:9' }
                [pscustomobject]@{ prompt = 'borrower' }
            ) | New-NanoBananaImage | Should -HaveCount 2
            (Get-Sent 'borrower').PSObject.Properties.Name | Should -Be 'prompt'
        }

        It 'is refused without a prompt, and the message lists its properties' {
            $row = [pscustomobject]@{ promt = 'a typo'; aspect_ratio = '1:1' }
            $row | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.FullyQualifiedErrorId | Should -Be $Invalid
            $failures.Exception.Message | Should -BeLike '*promt, aspect_ratio*'
            $failures.TargetObject | Should -Be $row
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }

        It 'is refused alone, and the other rows are submitted' {
            @(
                [pscustomobject]@{ prompt = 'beside 1' }
                [pscustomobject]@{ prompt = 'beside bad'; aspect_ratio = '5:7' }
                [pscustomobject]@{ promt = 'a typo' }
                [pscustomobject]@{ prompt = 'beside 2' }
            ) | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue | Should -HaveCount 2
            $failures.FullyQualifiedErrorId | Should -Be $Invalid, $Invalid
            $Emulator.Counters.CreatesReceived - $Before | Should -Be 2
        }
    }

    Context 'a failed task' {
        It 'is retried if it is piped to New' {
            $failed = 'again [fail:5001095]' | New-NanoBananaImage -AspectRatio 4:5 -Name retry |
                Wait-NanoBananaTask -ErrorAction SilentlyContinue
            $again = $failed | New-NanoBananaImage
            $again.Id | Should -Not -Be $failed.Id
            $again.Name | Should -Be 'retry'
            $Emulator.CountByPrompt()['again [fail:5001095]'] | Should -Be 2
            (Get-Sent 'again [fail:5001095]').aspect_ratio | Should -Be '4:5', '4:5'
        }
    }

    Context 'input that is not a prompt' {
        It 'is <Thing> from the pipeline' -ForEach @(
            @{ Thing = 'a number'; Value = 5; Hint = '*no Prompt property*' }
            @{ Thing = 'a date'; Value = [datetime]::UnixEpoch; Hint = '*no Prompt property*' }
            @{ Thing = 'a hashtable'; Value = @{ prompt = 'x' }; Hint = '*pscustomobject*' }
            @{ Thing = 'a script block'; Value = { x }; Hint = '*no Prompt property*' }
            @{ Thing = 'an array in an array'; Value = , ('a', 'b'); Hint = '*no Prompt property*' }
            @{ Thing = 'true'; Value = $true; Hint = '*no Prompt property*' }
        ) {
            , $Value | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.FullyQualifiedErrorId | Should -Be $Invalid
            $failures.CategoryInfo.Category | Should -Be 'InvalidArgument'
            $failures.Exception.Message | Should -BeLike $Hint
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }

        It 'is a folder' {
            Get-Item -LiteralPath $TestDrive | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.FullyQualifiedErrorId | Should -Be $Invalid
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }

        It 'is <Thing> as the argument' -ForEach @(
            @{ Thing = 'a number'; Value = 5 }
            @{ Thing = 'a hashtable'; Value = @{ prompt = 'x' } }
            @{ Thing = 'an object'; Value = [pscustomobject]@{ prompt = 'x' } }
            @{ Thing = 'a number among strings'; Value = 'x', 5 }
        ) {
            { New-NanoBananaImage -Prompt $Value } | Should -Throw -ErrorId $NotText
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }

        It 'is a number in the Prompt column' {
            [pscustomobject]@{ Prompt = 5 } | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.FullyQualifiedErrorId | Should -Be $NotText
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }
    }

    Context 'input that is refused before anything is sent' {
        It 'is <Case>' -ForEach @(
            @{ Case = 'an empty prompt'; Arguments = @{ Prompt = '' } }
            @{ Case = 'a blank prompt'; Arguments = @{ Prompt = "  `t" } }
            @{ Case = 'no prompt'; Arguments = @{ Prompt = $null } }
            @{ Case = 'an empty list'; Arguments = @{ Prompt = @() } }
            @{ Case = '2501 characters'; Arguments = @{ Prompt = 'x' * 2501 } }
            @{ Case = 'half of a surrogate pair'; Arguments = @{ Prompt = "a $([char]0xD83E) fox" } }
        ) {
            New-NanoBananaImage @Arguments -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.FullyQualifiedErrorId | Should -Be $Invalid
            $failures.Exception | Should -BeOfType ([NanoBanana.NanoBananaException])
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }

        It 'is <Case>, which ends the command' -ForEach @(
            @{ Case = 'four image URLs'; Arguments = @{ ImageUrl = 1..4 | ForEach-Object { "https://a.example/$_.png" } } }
            @{ Case = 'a relative URL'; Arguments = @{ ImageUrl = 'images/1.png' } }
            @{ Case = 'a URL of a file'; Arguments = @{ ImageUrl = 'file:///etc/1.png' } }
            @{ Case = 'an unknown ratio'; Arguments = @{ AspectRatio = '5:7' } }
            @{ Case = 'an unknown resolution'; Arguments = @{ Resolution = '8K' } }
            @{ Case = 'an empty resolution'; Arguments = @{ Resolution = '' } }
            @{ Case = 'an unknown modality'; Arguments = @{ ResponseModality = 'Sound' } }
            @{ Case = 'a model of two words'; Arguments = @{ Model = 'two words' } }
            @{ Case = 'a missing image'; Arguments = @{ ImagePath = 'TestDrive:/none.png' } }
            @{ Case = 'a file that is not an image'; Arguments = @{ ImagePath = $PSCommandPath } }
            @{ Case = 'an image of another provider'; Arguments = @{ ImagePath = 'Env:PATH' } }
            @{ Case = 'an invalid image path'; Arguments = @{ ImagePath = "a`0b.png" } }
            @{ Case = 'an image on a missing drive'; Arguments = @{ ImagePath = 'NoSuchDrive:/1.png' } }
        ) {
            { 'one', 'two' | New-NanoBananaImage @Arguments } | Should -Throw -ErrorId $Invalid
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }

        It 'is a prompt from the pipeline together with -Prompt' {
            { 'piped' | New-NanoBananaImage -Prompt 'given' } | Should -Throw -ErrorId $Invalid
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }

        It 'is -ThrottleLimit <_>' -ForEach 0, 257 {
            { New-NanoBananaImage 'x' -ThrottleLimit $_ } |
                Should -Throw -ErrorId 'ParameterArgumentValidationError,NanoBanana.Commands.NewNanoBananaImageCommand'
        }
    }

    Context 'prompt file' {
        It 'is one prompt, with the encoding <Encoding>' -ForEach @(
            @{ Encoding = 'UTF-8'; Write = [System.Text.UTF8Encoding]::new($false) }
            @{ Encoding = 'UTF-8 with a mark'; Write = [System.Text.UTF8Encoding]::new($true) }
            @{ Encoding = 'UTF-16'; Write = [System.Text.UnicodeEncoding]::new($false, $true) }
            @{ Encoding = 'UTF-16 big endian'; Write = [System.Text.UnicodeEncoding]::new($true, $true) }
        ) {
            $file = Join-Path $TestDrive "$Encoding.txt"
            [System.IO.File]::WriteAllText($file, "a café in $Encoding`nsecond line`n", $Write)
            (New-NanoBananaImage -PromptPath $file).Prompt | Should -Be "a café in $Encoding`nsecond line"
        }

        It 'is found with wildcards' {
            1..3 | ForEach-Object { Set-Content -Path "TestDrive:/wild-$_.txt" -Value "wild $_" }
            New-NanoBananaImage -PromptPath 'TestDrive:/wild-*.txt' | Should -HaveCount 3
        }

        It 'is found by its exact name before a wildcard' {
            Set-Content -LiteralPath 'TestDrive:/[a] fox.txt' -Value 'brackets'
            (New-NanoBananaImage -PromptPath 'TestDrive:/[a] fox.txt').Prompt | Should -Be 'brackets'
        }

        It 'is relative to the location of PowerShell, not of the process' {
            Set-Content -Path 'TestDrive:/here.txt' -Value 'here'
            Push-Location -Path 'TestDrive:/'
            try {
                (New-NanoBananaImage -PromptPath 'here.txt').Prompt | Should -Be 'here'
                (New-NanoBananaImage -PromptPath './here.txt').Prompt | Should -Be 'here'
            }
            finally {
                Pop-Location
            }
        }

        It 'can be piped from Get-ChildItem and names the image' {
            Set-Content -Path 'TestDrive:/red-fox.prompt' -Value 'a red fox'
            (Get-ChildItem -Path 'TestDrive:/*.prompt' | New-NanoBananaImage).Name | Should -Be 'red-fox'
        }

        It 'is refused if it is <Case>' -ForEach @(
            @{ Case = 'missing'; File = 'none.txt'; Bytes = $null }
            @{ Case = 'empty'; File = 'empty.txt'; Bytes = @() }
            @{ Case = 'not text'; File = 'binary.txt'; Bytes = 0, 1, 2, 3 }
            @{ Case = 'larger than a prompt'; File = 'large.txt'; Bytes = @(120) * 70000 }
        ) {
            $path = Join-Path $TestDrive $File
            if ($null -ne $Bytes) {
                [System.IO.File]::WriteAllBytes($path, [byte[]]$Bytes)
            }
            New-NanoBananaImage -PromptPath $path -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.FullyQualifiedErrorId | Should -Be $Invalid
            $failures.TargetObject | Should -Be $path
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }

        It 'is refused if it belongs to another provider' {
            New-NanoBananaImage -PromptPath Env:PATH -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.FullyQualifiedErrorId | Should -Be $Invalid
            $failures.Exception.Message | Should -BeLike '*not in the file system*'
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }

        It 'is refused if its path is invalid' {
            New-NanoBananaImage -PromptPath "a`0b" -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.FullyQualifiedErrorId | Should -Be $Invalid
        }

        It 'does not stop the other files if it cannot be read' {
            Set-Content -Path 'TestDrive:/good-1.txt' -Value 'good 1'
            Set-Content -Path 'TestDrive:/good-2.txt' -Value 'good 2'
            $paths = 'TestDrive:/good-1.txt', 'TestDrive:/none.txt', 'TestDrive:/good-2.txt'
            New-NanoBananaImage -PromptPath $paths -ErrorVariable failures -ErrorAction SilentlyContinue | Should -HaveCount 2
            $failures.TargetObject | Should -Be 'TestDrive:/none.txt'
        }
    }

    Context '-Wait' {
        It 'emits the task when it has ended' {
            ('waited for' | New-NanoBananaImage -Wait).Status | Should -Be 'Completed'
        }

        It 'emits a failed task and writes its error' {
            $task = 'waited in vain [fail:5001096]' | New-NanoBananaImage -Wait -ErrorVariable failures -ErrorAction SilentlyContinue
            $task.Status | Should -Be 'Failed'
            $failures.FullyQualifiedErrorId | Should -Be 'TaskFailed,NanoBanana.Commands.NewNanoBananaImageCommand'
        }
    }

    Context '-OutFile' {
        It 'saves the image under this exact name' {
            $file = New-NanoBananaImage 'a red fox' -Resolution 0.5K -AspectRatio 16:9 -OutFile 'TestDrive:/fox.png'
            $file | Should -BeOfType ([System.IO.FileInfo])
            $file.FullName | Should -Be (Join-Path $TestDrive 'fox.png')
            $file.Task.Prompt | Should -Be 'a red fox'
            Get-PngSize $file.FullName | Should -Be '688x384'
        }

        It 'warns once if the extension does not match the format' {
            $null = 'a mismatch' |
                New-NanoBananaImage -OutFile 'TestDrive:/liar.jpg' -WarningVariable warnings -WarningAction SilentlyContinue
            $warnings | Should -HaveCount 1
            "$warnings" | Should -BeLike '*liar.jpg*PNG*'
        }

        It 'does not replace a file without -Force and submits nothing' {
            Set-Content -Path 'TestDrive:/mine.png' -Value 'mine'
            { New-NanoBananaImage 'x' -OutFile 'TestDrive:/mine.png' } |
                Should -Throw -ErrorId 'FileExists,NanoBanana.Commands.NewNanoBananaImageCommand'
            $Emulator.Counters.CreatesReceived | Should -Be $Before
            $null = New-NanoBananaImage 'x' -OutFile 'TestDrive:/mine.png' -Force
            Get-PngSize 'TestDrive:/mine.png' | Should -Be '1024x1024'
        }

        It 'refuses two prompts as arguments before either is sent' {
            { New-NanoBananaImage 'x', 'y' -OutFile 'TestDrive:/one.png' } | Should -Throw -ErrorId $Invalid
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }

        It 'submits only the first of three piped prompts and refuses the others' {
            $null = 'first', 'second', 'third' |
                New-NanoBananaImage -OutFile 'TestDrive:/first.png' -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.TargetObject | Should -Be 'second', 'third'
            $Emulator.Counters.CreatesReceived - $Before | Should -Be 1
        }

        It 'refuses <Case> before anything is sent' -ForEach @(
            @{ Case = 'a folder'; File = 'TestDrive:/' }
            @{ Case = 'a missing folder'; File = 'TestDrive:/none/fox.png' }
            @{ Case = 'an environment variable'; File = 'Env:fox.png' }
            @{ Case = 'a missing drive'; File = 'NoSuchDrive:/fox.png' }
        ) {
            { New-NanoBananaImage 'x' -OutFile $File } | Should -Throw -ErrorId $Invalid
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }
    }

    Context '-WhatIf' {
        It 'shows what would be sent and submitted, and sends nothing' {
            $text = Get-HostText { 'a red fox' | New-NanoBananaImage -AspectRatio 16:9 -Resolution 2K -WhatIf }
            $text | Should -BeLike '*"Buy 1 image, 16:9 2K (2752x1536), 1680 output tokens, with nano_banana_2" on target "a red fox"*'
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }

        It 'checks the input' {
            'x' * 2501 | New-NanoBananaImage -WhatIf -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.FullyQualifiedErrorId | Should -Be $Invalid
        }

        It 'needs no key' {
            (Invoke-Unattended '"a fox" | New-NanoBananaImage -WhatIf').Errors | Should -BeNullOrEmpty
        }

        It 'follows $WhatIfPreference' {
            $WhatIfPreference = $true
            'a fox' | New-NanoBananaImage | Should -BeNullOrEmpty
            $WhatIfPreference = $false
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }
    }

    Context '-Confirm' {
        It 'submits nothing in a session without a user' {
            $with = @{ Connection = Get-NanoBananaConnection }
            $run = Invoke-Unattended '"a fox" | New-NanoBananaImage -Confirm -Connection $Connection' -With $with
            $run.Output | Should -BeNullOrEmpty
            $run.Failure ?? $run.Errors[0].Exception | Should -Not -BeNullOrEmpty
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }

        It 'is not required by default, so that unattended runs work' {
            $with = @{ Connection = Get-NanoBananaConnection }
            $run = Invoke-Unattended '"unattended" | New-NanoBananaImage -Connection $Connection' -With $with
            $run.Output | Should -HaveCount 1
        }
    }

    Context 'API key' {
        It 'ends the command before anything is sent if it is missing' {
            $run = Invoke-Unattended '"a fox" | New-NanoBananaImage'
            $run.Failure.ErrorRecord.FullyQualifiedErrorId ?? $run.Errors.FullyQualifiedErrorId |
                Should -Be 'ApiKeyMissing,NanoBanana.Commands.NewNanoBananaImageCommand'
        }

        It 'ends submitting with one error that lists the skipped inputs if it is rejected' {
            $strict = Start-NanoBananaEmulator -ApiKey 'the-right-key'
            $connection = Connect-NanoBanana -ApiKey 'the-wrong-key' -Endpoint $strict.Endpoint -PassThru
            try {
                $prompts = 1..50 | ForEach-Object { "refused $_" }
                $prompts | New-NanoBananaImage -Connection $connection -ThrottleLimit 2 -ErrorVariable failures `
                    -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
                $failures.FullyQualifiedErrorId | Should -Be 'ApiKeyRejected,NanoBanana.Commands.NewNanoBananaImageCommand'
                $failures.CategoryInfo.Category | Should -Be 'AuthenticationError'
                $failures.TargetObject | Sort-Object | Should -Be ($prompts | Sort-Object)
                $strict.Counters.CreatesReceived | Should -BeLessOrEqual 4
            }
            finally {
                $strict | Stop-NanoBananaEmulator
                $Emulator | Connect-NanoBanana
            }
        }
    }

    Context 'failed submission' {
        BeforeAll {
            function Add-Fault([NanoBanana.Emulator.EmulatorFault] $Fault) {
                $Emulator.Enqueue('Create', $Fault)
            }
        }

        It 'is <Id> if the answer is <Case>' -ForEach @(
            @{ Id = 'InvalidRequest'; Category = 'InvalidArgument'; Case = '400'
                Fault = { [NanoBanana.Emulator.EmulatorFault]::Status(400) } }
            @{ Id = 'SubmissionUnknown'; Category = 'OperationStopped'; Case = '500'
                Fault = { [NanoBanana.Emulator.EmulatorFault]::Status(500) } }
            @{ Id = 'SubmissionUnknown'; Category = 'OperationStopped'; Case = 'a reset'
                Fault = { [NanoBanana.Emulator.EmulatorFault]::ResetAfterAccept() } }
            @{ Id = 'SubmissionUnknown'; Category = 'OperationStopped'; Case = 'garbage'
                Fault = { [NanoBanana.Emulator.EmulatorFault]::Garbage() } }
            @{ Id = 'SubmissionUnknown'; Category = 'OperationStopped'; Case = 'incomplete'
                Fault = { [NanoBanana.Emulator.EmulatorFault]::CutBody() } }
            @{ Id = 'InvalidResponse'; Category = 'InvalidData'; Case = 'a redirect'
                Fault = { [NanoBanana.Emulator.EmulatorFault]::Redirect($Emulator.DownloadEndpoint) } }
            @{ Id = 'NotPermitted'; Category = 'PermissionDenied'; Case = '403'
                Fault = { [NanoBanana.Emulator.EmulatorFault]::Status(403) } }
        ) {
            Add-Fault (& $Fault)
            $prompt = "fails: $Case"
            $prompt | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue -WarningAction SilentlyContinue |
                Should -BeNullOrEmpty
            $failures.FullyQualifiedErrorId | Should -Be "$Id,NanoBanana.Commands.NewNanoBananaImageCommand"
            $failures.CategoryInfo.Category | Should -Be $Category
            $failures.TargetObject | Should -Be $prompt
            # Only the redirect has an action: the other messages contain what to do.
            $failures.ErrorDetails.RecommendedAction | Should -Be $(if ($Id -eq 'InvalidResponse') {
                'Check that the endpoint matches the protocol. Get-NanoBananaConnection shows both.' } else { '' })
            # It is sent only once in each case.
            $Emulator.Counters.CreatesReceived - $Before | Should -Be 1
        }

        It 'is sent again after 429 and accepted once' {
            Add-Fault ([NanoBanana.Emulator.EmulatorFault]::Status(429, 0))
            'patient' | New-NanoBananaImage | Should -HaveCount 1
            $Emulator.CountByPrompt()['patient'] | Should -Be 1
            $Emulator.Counters.CreatesReceived - $Before | Should -Be 2
        }

        It 'has its input as the error target, which can be piped again' {
            Add-Fault ([NanoBanana.Emulator.EmulatorFault]::Status(400))
            $row = [pscustomobject]@{ prompt = 'second chance'; aspect_ratio = '3:2' }
            $row | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue
            ($failures.TargetObject | New-NanoBananaImage).AspectRatio | Should -Be '3:2'
        }
    }
}
