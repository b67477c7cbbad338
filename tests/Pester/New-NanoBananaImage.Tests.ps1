Describe 'New-NanoBananaImage' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        $script:Emulator = Connect-TestEmulator
        $script:Invalid = 'InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand'
        $script:NotText = 'ParameterArgumentTransformationError,NanoBanana.Commands.NewNanoBananaImageCommand'

        # The parameters that were sent with a prompt, as the emulator got them.
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

    Context 'a prompt' {
        It 'makes a task, as soon as the service has accepted it' {
            $task = New-NanoBananaImage -Prompt 'accepted [hold]'
            $task | Should -BeOfType ([NanoBanana.ImageTask])
            $task.Id | Should -Be ($Emulator.Tasks | Where-Object -Property Prompt -EQ -Value 'accepted [hold]').Id
            $task.Status | Should -BeIn 'Pending', 'Running'
            $task.Prompt | Should -Be 'accepted [hold]'
            $task.Endpoint | Should -Be $Emulator.Endpoint
            $task.CreatedAt | Should -BeOfType ([System.DateTimeOffset])
        }

        It 'is the first position' {
            (New-NanoBananaImage 'by position').Prompt | Should -Be 'by position'
        }

        It 'is sent with nothing that was not given' {
            $null = New-NanoBananaImage 'alone'
            (Get-Sent 'alone').PSObject.Properties.Name | Should -Be 'prompt'
        }

        It 'is sent as it stands, in any script' {
            $prompt = "a `"café`" — 狐狸 🦊`n\ two lines & <tags>"
            $null = $prompt | New-NanoBananaImage
            $Emulator.CountByPrompt()[$prompt] | Should -Be 1
        }

        It 'takes <Length> characters' -ForEach @{ Length = 1 }, @{ Length = 2500 } {
            'x' * $Length | New-NanoBananaImage | Should -HaveCount 1
        }

        It 'is counted in characters, not in halves of them' {
            '🦊' * 2500 | New-NanoBananaImage | Should -HaveCount 1
        }
    }

    Context 'many prompts' {
        It 'each make a task, whether as an array or from the pipeline' {
            New-NanoBananaImage -Prompt 'array 1', 'array 2', 'array 3' | Should -HaveCount 3
            'pipe 1', 'pipe 2', 'pipe 3' | New-NanoBananaImage | Should -HaveCount 3
        }

        It 'keep their order in InputIndex' {
            $tasks = 0..19 | ForEach-Object { "in order $_" } | New-NanoBananaImage
            $tasks | ForEach-Object { $_.Prompt | Should -Be "in order $($_.InputIndex)" }
            ($tasks.InputIndex | Sort-Object) -join ' ' | Should -Be (0..19 -join ' ')
        }

        It 'are bought once each' {
            $null = 1..40 | ForEach-Object { "once $_" } | New-NanoBananaImage
            $counts = $Emulator.CountByPrompt()
            1..40 | ForEach-Object { $counts["once $_"] } | Sort-Object -Unique | Should -Be 1
        }

        It 'are bought again when they are given again: equal prompts are two images' {
            $null = 'twice', 'twice' | New-NanoBananaImage
            $Emulator.CountByPrompt()['twice'] | Should -Be 2
        }

        It 'are never more on their way than -ThrottleLimit' {
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

        It 'skip blank lines, and say with -Verbose how many' {
            $output = 'line 1', '', '   ', $null, 'line 2' | New-NanoBananaImage -Verbose 4>&1
            $output | Where-Object { $_ -is [NanoBanana.ImageTask] } | Should -HaveCount 2
            "$output" | Should -BeLike '*3 blank lines were skipped*'
        }
    }

    Context 'what goes along with a prompt' {
        It 'is <Parameter>, as <Field>' -ForEach @(
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

        It 'is an image of this machine, as a data URI' {
            [System.IO.File]::WriteAllBytes((Join-Path $TestDrive 'tiny.gif'), [System.Convert]::FromBase64String('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'))
            $null = New-NanoBananaImage 'with an image' -ImagePath 'TestDrive:/tiny.gif'
            (Get-Sent 'with an image').image_urls | Should -Match '^data:image/gif;base64,R0lGODlh'
        }

        It 'is a name of your own, which is not sent' {
            (New-NanoBananaImage 'with a name' -Name 'shot-1').Name | Should -Be 'shot-1'
            (Get-Sent 'with a name').PSObject.Properties.Name | Should -Be 'prompt'
        }
    }

    Context 'a row of a table' {
        It 'binds by our names' {
            $row = [pscustomobject]@{ Prompt = 'our names'; AspectRatio = '1:1'; Resolution = '0.5K'; ImageUrl = 'https://a.example/1.png', 'https://a.example/2.png'; ResponseModality = 'Image'; Name = 'row' }
            ($row | New-NanoBananaImage).Name | Should -Be 'row'
            $sent = Get-Sent 'our names'
            $sent.aspect_ratio | Should -Be '1:1'
            $sent.resolution | Should -Be '0.5K'
            $sent.image_urls | Should -Be 'https://a.example/1.png', 'https://a.example/2.png'
            $sent.response_modalities | Should -Be 'Image'
        }

        It 'binds by the names of the wire' {
            [pscustomobject]@{ prompt = 'wire names'; aspect_ratio = '9:16'; image_urls = 'https://a.example/1.png'; response_modalities = 'Text', 'Image' } |
                New-NanoBananaImage | Should -HaveCount 1
            $sent = Get-Sent 'wire names'
            $sent.aspect_ratio | Should -Be '9:16'
            $sent.image_urls | Should -Be 'https://a.example/1.png'
            $sent.response_modalities | Should -Be 'Text', 'Image'
        }

        It 'takes what it has not from the command line' {
            [pscustomobject]@{ prompt = 'from the line' } | New-NanoBananaImage -Resolution 2K | Should -HaveCount 1
            (Get-Sent 'from the line').resolution | Should -Be '2K'
        }

        It 'does not lend its values to the next row' {
            @(
                [pscustomobject]@{ prompt = 'lender'; aspect_ratio = '21:9' }
                [pscustomobject]@{ prompt = 'borrower' }
            ) | New-NanoBananaImage | Should -HaveCount 2
            (Get-Sent 'borrower').PSObject.Properties.Name | Should -Be 'prompt'
        }

        It 'is refused without a prompt, by a message that names what it has' {
            $row = [pscustomobject]@{ promt = 'a typo'; aspect_ratio = '1:1' }
            $row | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.FullyQualifiedErrorId | Should -Be $Invalid
            $failures.Exception.Message | Should -BeLike '*promt, aspect_ratio*'
            $failures.TargetObject | Should -Be $row
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }

        It 'is refused alone: the rows beside it are bought' {
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
        It 'is tried again by piping it back' {
            $failed = 'again [fail:5001095]' | New-NanoBananaImage -AspectRatio 4:5 -Name retry |
                Wait-NanoBananaTask -ErrorAction SilentlyContinue
            $again = $failed | New-NanoBananaImage
            $again.Id | Should -Not -Be $failed.Id
            $again.Name | Should -Be 'retry'
            $Emulator.CountByPrompt()['again [fail:5001095]'] | Should -Be 2
            (Get-Sent 'again [fail:5001095]').aspect_ratio | Should -Be '4:5', '4:5'
        }
    }

    Context 'what never becomes a prompt' {
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

    Context 'what is refused before anything is sent' {
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

        It 'is <Case>, and that ends the command' -ForEach @(
            @{ Case = 'four image URLs'; Arguments = @{ ImageUrl = 1..4 | ForEach-Object { "https://a.example/$_.png" } } }
            @{ Case = 'a relative URL'; Arguments = @{ ImageUrl = 'images/1.png' } }
            @{ Case = 'a URL of a file'; Arguments = @{ ImageUrl = 'file:///etc/1.png' } }
            @{ Case = 'an unknown ratio'; Arguments = @{ AspectRatio = '5:7' } }
            @{ Case = 'an unknown resolution'; Arguments = @{ Resolution = '8K' } }
            @{ Case = 'an empty resolution'; Arguments = @{ Resolution = '' } }
            @{ Case = 'an unknown modality'; Arguments = @{ ResponseModality = 'Sound' } }
            @{ Case = 'a model of two words'; Arguments = @{ Model = 'two words' } }
            @{ Case = 'an image that is not there'; Arguments = @{ ImagePath = 'TestDrive:/none.png' } }
            @{ Case = 'an image that is none'; Arguments = @{ ImagePath = $PSCommandPath } }
            @{ Case = 'an image of another provider'; Arguments = @{ ImagePath = 'Env:PATH' } }
            @{ Case = 'an image whose path is none'; Arguments = @{ ImagePath = "a`0b.png" } }
            @{ Case = 'an image on a drive that is not there'; Arguments = @{ ImagePath = 'NoSuchDrive:/1.png' } }
        ) {
            { 'one', 'two' | New-NanoBananaImage @Arguments } | Should -Throw -ErrorId $Invalid
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }

        It 'is a prompt from both sides' {
            { 'piped' | New-NanoBananaImage -Prompt 'given' } | Should -Throw -ErrorId $Invalid
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }

        It 'is -ThrottleLimit <_>' -ForEach 0, 257 {
            { New-NanoBananaImage 'x' -ThrottleLimit $_ } |
                Should -Throw -ErrorId 'ParameterArgumentValidationError,NanoBanana.Commands.NewNanoBananaImageCommand'
        }
    }

    Context 'a prompt file' {
        It 'is one prompt, in <Encoding>' -ForEach @(
            @{ Encoding = 'UTF-8'; Write = [System.Text.UTF8Encoding]::new($false) }
            @{ Encoding = 'UTF-8 with a mark'; Write = [System.Text.UTF8Encoding]::new($true) }
            @{ Encoding = 'UTF-16'; Write = [System.Text.UnicodeEncoding]::new($false, $true) }
            @{ Encoding = 'UTF-16, big end first'; Write = [System.Text.UnicodeEncoding]::new($true, $true) }
        ) {
            $file = Join-Path $TestDrive "$Encoding.txt"
            [System.IO.File]::WriteAllText($file, "a café in $Encoding`nsecond line`n", $Write)
            (New-NanoBananaImage -PromptPath $file).Prompt | Should -Be "a café in $Encoding`nsecond line"
        }

        It 'is found by wildcards' {
            1..3 | ForEach-Object { Set-Content -Path "TestDrive:/wild-$_.txt" -Value "wild $_" }
            New-NanoBananaImage -PromptPath 'TestDrive:/wild-*.txt' | Should -HaveCount 3
        }

        It 'is taken by its very name before a wildcard' {
            Set-Content -LiteralPath 'TestDrive:/[a] fox.txt' -Value 'brackets'
            (New-NanoBananaImage -PromptPath 'TestDrive:/[a] fox.txt').Prompt | Should -Be 'brackets'
        }

        It 'is found from the current location of PowerShell, not of the process' {
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

        It 'is taken from Get-ChildItem, and names the image' {
            Set-Content -Path 'TestDrive:/red-fox.prompt' -Value 'a red fox'
            (Get-ChildItem -Path 'TestDrive:/*.prompt' | New-NanoBananaImage).Name | Should -Be 'red-fox'
        }

        It 'is refused when it is <Case>' -ForEach @(
            @{ Case = 'not there'; File = 'none.txt'; Bytes = $null }
            @{ Case = 'empty'; File = 'empty.txt'; Bytes = @() }
            @{ Case = 'no text'; File = 'binary.txt'; Bytes = 0, 1, 2, 3 }
            @{ Case = 'larger than any prompt'; File = 'large.txt'; Bytes = @(120) * 70000 }
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

        It 'is refused when it is of another provider' {
            New-NanoBananaImage -PromptPath Env:PATH -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.FullyQualifiedErrorId | Should -Be $Invalid
            $failures.Exception.Message | Should -BeLike '*not in the file system*'
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }

        It 'is refused when that is no path' {
            New-NanoBananaImage -PromptPath "a`0b" -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.FullyQualifiedErrorId | Should -Be $Invalid
        }

        It 'that can not be read keeps no other from being sent' {
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
        It 'saves the image under that very name' {
            $file = New-NanoBananaImage 'a red fox' -Resolution 0.5K -AspectRatio 16:9 -OutFile 'TestDrive:/fox.png'
            $file | Should -BeOfType ([System.IO.FileInfo])
            $file.FullName | Should -Be (Join-Path $TestDrive 'fox.png')
            $file.Task.Prompt | Should -Be 'a red fox'
            Get-PngSize $file.FullName | Should -Be '688x384'
        }

        It 'warns once when the extension does not fit the bytes' {
            $null = New-NanoBananaImage 'a liar' -OutFile 'TestDrive:/liar.jpg' -WarningVariable warnings -WarningAction SilentlyContinue
            $warnings | Should -HaveCount 1
            "$warnings" | Should -BeLike '*liar.jpg*PNG*'
        }

        It 'does not replace a file without -Force, and buys nothing then' {
            Set-Content -Path 'TestDrive:/mine.png' -Value 'mine'
            { New-NanoBananaImage 'x' -OutFile 'TestDrive:/mine.png' } |
                Should -Throw -ErrorId 'FileExists,NanoBanana.Commands.NewNanoBananaImageCommand'
            $Emulator.Counters.CreatesReceived | Should -Be $Before
            $null = New-NanoBananaImage 'x' -OutFile 'TestDrive:/mine.png' -Force
            Get-PngSize 'TestDrive:/mine.png' | Should -Be '1024x1024'
        }

        It 'takes one prompt of two as arguments: none is sent' {
            { New-NanoBananaImage 'x', 'y' -OutFile 'TestDrive:/one.png' } | Should -Throw -ErrorId $Invalid
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }

        It 'takes one prompt of three from the pipeline: the others are refused before they are sent' {
            $null = 'first', 'second', 'third' | New-NanoBananaImage -OutFile 'TestDrive:/first.png' -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.TargetObject | Should -Be 'second', 'third'
            $Emulator.Counters.CreatesReceived - $Before | Should -Be 1
        }

        It 'refuses <Case> before anything is sent' -ForEach @(
            @{ Case = 'a folder'; File = 'TestDrive:/' }
            @{ Case = 'a folder that is not there'; File = 'TestDrive:/none/fox.png' }
            @{ Case = 'a variable of the environment'; File = 'Env:fox.png' }
            @{ Case = 'a drive that is not there'; File = 'NoSuchDrive:/fox.png' }
        ) {
            { New-NanoBananaImage 'x' -OutFile $File } | Should -Throw -ErrorId $Invalid
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }
    }

    Context '-WhatIf' {
        It 'says what would be sent and bought, and sends nothing' {
            $text = Get-HostText { 'a red fox' | New-NanoBananaImage -AspectRatio 16:9 -Resolution 2K -WhatIf }
            $text | Should -BeLike '*"Buy 1 image, 16:9 2K (2752x1536), 1680 output tokens, with nano_banana_2" on target "a red fox"*'
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }

        It 'checks everything' {
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
        It 'buys nothing where there is nobody to ask' {
            $run = Invoke-Unattended '"a fox" | New-NanoBananaImage -Confirm -Connection $Connection' -With @{ Connection = Get-NanoBananaConnection }
            $run.Output | Should -BeNullOrEmpty
            $run.Failure ?? $run.Errors[0].Exception | Should -Not -BeNullOrEmpty
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }

        It 'is not needed by default: an unattended run is never asked' {
            $run = Invoke-Unattended '"unattended" | New-NanoBananaImage -Connection $Connection' -With @{ Connection = Get-NanoBananaConnection }
            $run.Output | Should -HaveCount 1
        }
    }

    Context 'a key' {
        It 'that is missing ends the command before anything is sent' {
            $run = Invoke-Unattended '"a fox" | New-NanoBananaImage'
            $run.Failure.ErrorRecord.FullyQualifiedErrorId ?? $run.Errors.FullyQualifiedErrorId |
                Should -Be 'ApiKeyMissing,NanoBanana.Commands.NewNanoBananaImageCommand'
        }

        It 'that the service refuses ends submitting: one error names the inputs that were not bought' {
            $strict = Start-NanoBananaEmulator -ApiKey 'the-right-key'
            $connection = Connect-NanoBanana -ApiKey 'the-wrong-key' -Endpoint $strict.Endpoint -PassThru
            try {
                $prompts = 1..50 | ForEach-Object { "refused $_" }
                $prompts | New-NanoBananaImage -Connection $connection -ThrottleLimit 2 -ErrorVariable failures -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
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

    Context 'a submit that goes wrong' {
        BeforeAll {
            function Add-Fault([NanoBanana.Emulator.EmulatorFault] $Fault) {
                $Emulator.Enqueue('Create', $Fault)
            }
        }

        It 'is <Id> when the service answers <Case>' -ForEach @(
            @{ Id = 'InvalidRequest'; Category = 'InvalidArgument'; Case = '400'; Fault = { [NanoBanana.Emulator.EmulatorFault]::Status(400) } }
            @{ Id = 'SubmissionUnknown'; Category = 'OperationStopped'; Case = '500'; Fault = { [NanoBanana.Emulator.EmulatorFault]::Status(500) } }
            @{ Id = 'SubmissionUnknown'; Category = 'OperationStopped'; Case = 'with a reset'; Fault = { [NanoBanana.Emulator.EmulatorFault]::ResetAfterAccept() } }
            @{ Id = 'SubmissionUnknown'; Category = 'OperationStopped'; Case = 'garbage'; Fault = { [NanoBanana.Emulator.EmulatorFault]::Garbage() } }
            @{ Id = 'SubmissionUnknown'; Category = 'OperationStopped'; Case = 'half an answer'; Fault = { [NanoBanana.Emulator.EmulatorFault]::CutBody() } }
            @{ Id = 'InvalidResponse'; Category = 'InvalidData'; Case = 'a redirect'; Fault = { [NanoBanana.Emulator.EmulatorFault]::Redirect($Emulator.DownloadEndpoint) } }
            @{ Id = 'NotPermitted'; Category = 'PermissionDenied'; Case = '403'; Fault = { [NanoBanana.Emulator.EmulatorFault]::Status(403) } }
        ) {
            Add-Fault (& $Fault)
            $prompt = "goes wrong: $Case"
            $prompt | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue -WarningAction SilentlyContinue | Should -BeNullOrEmpty
            $failures.FullyQualifiedErrorId | Should -Be "$Id,NanoBanana.Commands.NewNanoBananaImageCommand"
            $failures.CategoryInfo.Category | Should -Be $Category
            $failures.TargetObject | Should -Be $prompt
            # Only the redirect has an action: the other messages contain what to do.
            $failures.ErrorDetails.RecommendedAction | Should -Be $(if ($Id -eq 'InvalidResponse') {
                'Check that the endpoint matches the protocol. Get-NanoBananaConnection shows both.' } else { '' })
            # Sent once, whatever came of it.
            $Emulator.Counters.CreatesReceived - $Before | Should -Be 1
        }

        It 'is sent again after 429, which buys nothing' {
            Add-Fault ([NanoBanana.Emulator.EmulatorFault]::Status(429, 0))
            'patient' | New-NanoBananaImage | Should -HaveCount 1
            $Emulator.CountByPrompt()['patient'] | Should -Be 1
            $Emulator.Counters.CreatesReceived - $Before | Should -Be 2
        }

        It 'leaves its input as the target, ready to be piped again' {
            Add-Fault ([NanoBanana.Emulator.EmulatorFault]::Status(400))
            $row = [pscustomobject]@{ prompt = 'second chance'; aspect_ratio = '3:2' }
            $row | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue
            ($failures.TargetObject | New-NanoBananaImage).AspectRatio | Should -Be '3:2'
        }
    }
}
