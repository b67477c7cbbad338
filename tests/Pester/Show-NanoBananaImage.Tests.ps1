BeforeDiscovery {
    . $PSScriptRoot/Terminal.ps1
    $script:HasTerminal = Test-PseudoTerminal
    if (-not $HasTerminal) {
        Write-Warning 'The tests with a terminal are skipped: they need the command script of util-linux.'
    }
}

Describe 'Show-NanoBananaImage' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        $script:Journal = Use-TestJournal
        $script:Emulator = Connect-TestEmulator
        $script:Images = Join-Path $TestDrive images
        $script:Fox, $script:Owl = 'fox', 'owl' | New-NanoBananaImage -Resolution 0.5K | Save-NanoBananaImage -Destination $Images |
            Sort-Object Name
        Set-Content $TestDrive/notes.txt 'no image'
    }
    AfterAll {
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
        Clear-TestJournal $Journal
    }

    Context 'without a terminal' {
        It 'writes only a verbose message with the path' {
            $said = Show-NanoBananaImage $Fox.FullName -Verbose *>&1
            $said | Should -HaveCount 1
            $said | Should -BeOfType ([System.Management.Automation.VerboseRecord])
            "$said" | Should -BeLike "*$($Fox.Name)*not shown*"
            Show-NanoBananaImage $Fox.FullName *>&1 | Should -BeNullOrEmpty
        }

        It 'accepts <name>' -ForEach @(
            @{ Name = 'a wildcard'; Source = { Show-NanoBananaImage (Join-Path $Images *.png) -PassThru }; Count = 2 }
            @{ Name = 'several paths'; Source = { Show-NanoBananaImage $Fox.FullName, $Owl.FullName -PassThru }; Count = 2 }
            @{ Name = 'saved images'; Source = { $Fox, $Owl | Show-NanoBananaImage -PassThru }; Count = 2 }
            @{ Name = 'files'; Source = { Get-ChildItem $Images/*.png | Show-NanoBananaImage -PassThru }; Count = 2 }
            @{ Name = 'paths'; Source = { $Fox.FullName, $Owl.FullName | Show-NanoBananaImage -PassThru }; Count = 2 }
            @{ Name = 'a piped pattern'; Source = { "$Images/*.png" | Show-NanoBananaImage -PassThru }; Count = 2 }
            @{ Name = 'resolved paths'; Source = { Resolve-Path $Images/*.png | Show-NanoBananaImage -PassThru }; Count = 2 }
            @{ Name = 'saved tasks'; Source = { Get-NanoBananaTask -First 2 | Show-NanoBananaImage -PassThru }; Count = 2 }
            @{ Name = 'the task of a saved image'; Source = { $Fox.Task | Show-NanoBananaImage -PassThru }; Count = 1 }
        ) {
            $files = @(& $Source)
            $files | Should -HaveCount $Count
            $files | Should -BeOfType ([System.IO.FileInfo])
            $files.FullName | Should -BeIn $Fox.FullName, $Owl.FullName
        }

        It 'accepts saved images that were exported' {
            $Fox | Export-Clixml $TestDrive/fox.xml
            (Import-Clixml $TestDrive/fox.xml | Show-NanoBananaImage -PassThru).FullName | Should -Be $Fox.FullName
        }

        It 'accepts a saved task without the journal' {
            $env:NANOBANANA_JOURNAL = 'off'
            try {
                ($Fox.Task | Show-NanoBananaImage -PassThru).FullName | Should -Be $Fox.FullName
            }
            finally {
                $env:NANOBANANA_JOURNAL = $Journal
            }
        }

        It 'accepts brackets in a name literally' {
            Copy-Item -LiteralPath $Fox.FullName -Destination (Join-Path $TestDrive 'fox[1].png')
            $path = Join-Path $TestDrive 'fox[1].png'
            (Show-NanoBananaImage -LiteralPath $path -PassThru).FullName | Should -Be $path
            ($path | Show-NanoBananaImage -PassThru).FullName | Should -Be $path
            (Get-Item -LiteralPath $path | Show-NanoBananaImage -PassThru).FullName | Should -Be $path
        }

        It 'emits its input with the task' {
            ($Fox | Show-NanoBananaImage -PassThru).Task.Id | Should -Be $Fox.Task.Id
        }

        It 'emits items that bind by path' {
            (Show-NanoBananaImage $Fox.FullName -PassThru | Get-FileHash).Path | Should -Be $Fox.FullName
        }

        It 'refuses <name>' -ForEach @(
            @{ Name = 'a text file'; Source = { Show-NanoBananaImage $TestDrive/notes.txt }; Like = "*notes.txt' is not an image*" }
            @{ Name = 'a folder'; Source = { Show-NanoBananaImage $Images }; Like = '*is a folder*' }
            @{ Name = 'a piped folder'; Source = { Get-Item $Images | Show-NanoBananaImage }; Like = '*folder*' }
            @{ Name = 'a missing file'; Source = { Show-NanoBananaImage $TestDrive/none.png }; Like = '*no file*none.png*' }
            @{ Name = 'a pattern without files'; Source = { Show-NanoBananaImage $TestDrive/*.gif }; Like = '*no file*' }
            @{ Name = 'another object'; Source = { 42 | Show-NanoBananaImage }; Like = '*Specify image files*' }
            @{ Name = 'a process'; Source = { Get-Date | Show-NanoBananaImage }; Like = '*Specify image files*' }
        ) {
            $found = & $Source 2>&1
            $found | Should -HaveCount 1
            $found.FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*ShowNanoBananaImageCommand'
            "$found" | Should -BeLike $Like
        }

        It 'continues after an image that can''t be shown' {
            $shown = "$TestDrive/notes.txt", $Fox.FullName |
                Show-NanoBananaImage -PassThru -ErrorVariable problem -ErrorAction SilentlyContinue
            $shown.FullName | Should -Be $Fox.FullName
            $problem | Should -HaveCount 1
        }

        It 'explains how to save an unsaved task' {
            $task = New-NanoBananaImage elk -Resolution 0.5K -Wait
            $found = $task | Show-NanoBananaImage 2>&1
            "$found" | Should -BeLike "*'elk' is not saved*Save-NanoBananaImage -Show*"
            $found.TargetObject.Id | Should -Be $task.Id
        }

        It 'reports that a failed task has no image' {
            $task = New-NanoBananaImage 'elk [fail:5001095]' -Resolution 0.5K -Wait -ErrorAction SilentlyContinue -ErrorVariable failed
            $failed[0].TargetObject | Show-NanoBananaImage -ErrorVariable problem -ErrorAction SilentlyContinue
            "$problem" | Should -BeLike '*has no image, because the task failed*'
        }

        It 'reports that a saved image was removed' {
            $file = New-NanoBananaImage bat -Resolution 0.5K | Save-NanoBananaImage -Destination $TestDrive/moved
            Remove-Item -LiteralPath $file.FullName
            "$($file.Task | Show-NanoBananaImage 2>&1)" | Should -BeLike '*no longer exists*'
        }

        It 'refuses <_> as a size' -ForEach 'wide', '0', '60x', '60x20x3' {
            { Show-NanoBananaImage $Fox.FullName -Size $_ } | Should -Throw '*is not a size*60x20*' -ErrorId 'InvalidRequest,*'
        }

        It 'completes its protocols' {
            $typed = 'Show-NanoBananaImage x.png -Protocol '
            (TabExpansion2 $typed $typed.Length).CompletionMatches.CompletionText | Should -Be 'Auto', 'ITerm2', 'Kitty', 'Sixel', 'Viewer'
        }
    }

    Context '-Show of the commands that save' {
        It 'of Save-NanoBananaImage does not affect the output without a terminal' {
            $file = New-NanoBananaImage newt -Resolution 0.5K |
                Save-NanoBananaImage -Destination $TestDrive/show -Show -Verbose 4>$TestDrive/said.txt
            $file | Should -HaveCount 1
            $file.FullName | Should -Exist
            Get-Content $TestDrive/said.txt -Raw | Should -BeLike "*$($file.Name)*not shown*"
        }

        It 'of New-NanoBananaImage requires -OutFile and is refused before anything is submitted' {
            $before = $Emulator.Counters.CreatesAccepted
            { New-NanoBananaImage newt -Show } |
                Should -Throw '*-OutFile*Save-NanoBananaImage -Show*Nothing was sent*' -ErrorId 'InvalidRequest,*'
            $Emulator.Counters.CreatesAccepted | Should -Be $before
        }

        It 'of New-NanoBananaImage emits the file' {
            $file = New-NanoBananaImage newt -Resolution 0.5K -OutFile $TestDrive/newt.png -Show
            $file.FullName | Should -Be (Join-Path $TestDrive newt.png)
        }
    }

    Context 'in a terminal' -Skip:(-not $HasTerminal) {
        BeforeAll {
            . $PSScriptRoot/Terminal.ps1
            $script:Show = "'before'; Show-NanoBananaImage '$($Fox.FullName)'; Show-NanoBananaImage '$($Fox.FullName)' -Size 20; 'after'"
            $script:Sizes = "`e[16t", "`e[6;18;9t"
            $script:Data = [convert]::ToBase64String([System.IO.File]::ReadAllBytes($Fox.FullName))
        }

        It 'shows an image with the Kitty protocol' {
            $seen = Invoke-InTerminal $Show -Answer ([ordered]@{
                    "`e[>q" = "`eP>|kitty(0.36.4)`e\"; $Sizes[0] = $Sizes[1]; "`e_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA`e\" = "`e_Gi=31;OK`e\"
                    "`e[c" = "`e[?62;c"
                })
            $chunks = [regex]::Matches($seen, "`e_G([^;]*);([A-Za-z0-9+/=]*)`e\\") | Where-Object { $_.Groups[1].Value -notlike '*a=q*' }
            $first = @($chunks | Where-Object { $_.Groups[1].Value -like 'a=T,f=100,q=2*' })
            $first | Should -HaveCount 2
            $first.ForEach({
                    $header = [convert]::FromBase64String($_.Groups[2].Value.Substring(0, 32))
                    [System.Buffers.Binary.BinaryPrimitives]::ReadInt32BigEndian([byte[]]$header[16..19])
                }) | Should -Be 360, 180
            $chunks.ForEach({ $_.Groups[2].Length }) | Should -Not -BeGreaterThan 4096
            $seen | Should -BeLike "*$($Fox.Name)  512x512*"
            [regex]::Matches($seen, "`e\[>q") | Should -HaveCount 1
            # No answer is visible. The terminal driver echoes only typed text.
            $seen | Should -Not -BeLike '*i=31;OK*'
            $seen | Should -Not -BeLike '*62;c*'
        }

        It 'shows an image with the iTerm2 protocol' {
            $seen = Invoke-InTerminal $Show -Answer ([ordered]@{
                    "`e[>q" = "`eP>|iTerm2 3.5.0`e\"; $Sizes[0] = $Sizes[1]; "`e[c" = "`e[?64;1;2c" })
            $seen | Should -BeLike "*`e]1337;File=name=*;size=*;width=40;height=20;preserveAspectRatio=1;inline=1:$Data`a*"
            $seen | Should -BeLike "*;width=20;height=10;preserveAspectRatio=1;inline=1:$Data`a*after*"
        }

        It 'shows an image with Sixel' {
            $seen = Invoke-InTerminal $Show -Answer ([ordered]@{ $Sizes[0] = $Sizes[1]; "`e[c" = "`e[?61;4;6;22c" })
            $seen | Should -BeLike "*`eP0;1;0q`"1;1;360;360#0;2;*`e\*$($Fox.Name)*`eP0;1;0q`"1;1;180;180#0;2;*`e\*after*"
            $seen | Should -Not -BeLike "*`e_G*"
        }

        It 'writes one line to a terminal without images' {
            $seen = Invoke-InTerminal $Show -Answer ([ordered]@{ "`e[c" = "`e[?65;1;9c" })
            $expected = "before`r`n`e[>q`e[16t`e[14t`e[c$($Fox.FullName)`r`n$($Fox.FullName)`r`nafter`r`n"
            $seen -replace "`e\[\?1[hl]`e[=>]" | Should -Be $expected
        }

        It 'queries a terminal only once if it does not answer' {
            $seen = Invoke-InTerminal $Show
            [regex]::Matches($seen, "`e\[c") | Should -HaveCount 1
            [regex]::Matches($seen, [regex]::Escape($Fox.FullName)) | Should -HaveCount 2
        }

        It 'does not query a terminal of the type <_>' -ForEach 'dumb', 'linux' {
            $seen = Invoke-InTerminal $Show -Environment @{ TERM = $_ }
            $seen | Should -Not -BeLike "*`e[[]c*"
            $seen | Should -BeLike "*$($Fox.FullName)*"
        }

        It 'writes nothing with -NonInteractive' {
            $seen = Invoke-InTerminal $Show -Arguments '-NonInteractive' -Answer ([ordered]@{ "`e[c" = "`e[?61;4;6;22c" })
            $seen -replace "`e\[\?1[hl]`e[=>]" | Should -Be "before`r`nafter`r`n"
        }

        It 'writes nothing in another host than the console' {
            $script = "`$shell = [powershell]::Create().AddScript(`"Import-Module -Name '$ModulePath'
                Show-NanoBananaImage '$($Fox.FullName)' -Verbose`")
                `$shell.Invoke(); `$shell.Streams.Verbose | ForEach-Object { `"said `$_`" }"
            $seen = Invoke-InTerminal $script -Answer ([ordered]@{ "`e[c" = "`e[?61;4;6;22c" })
            $seen | Should -Not -BeLike "*`eP*"
            $seen | Should -BeLike "*said*$($Fox.Name)*not shown*"
        }

        It 'keeps text that was typed before and queries the terminal the next time' {
            $script = "'start'; while (-not [Console]::KeyAvailable) { }; Show-NanoBananaImage '$($Fox.FullName)' -Verbose
                `"typed `$([Console]::ReadKey(`$true).KeyChar)`"; Show-NanoBananaImage '$($Fox.FullName)'"
            $seen = Invoke-InTerminal $script -Answer ([ordered]@{ 'start' = 'x'; "`e[c" = "`e[?61;4;6;22c" })
            $seen | Should -BeLike "*was not queried*$($Fox.FullName)*typed x*`e[[]c*`eP0;1;0q*"
            [regex]::Matches($seen, "`e\[>q") | Should -HaveCount 1
        }

        It 'opens the viewer of a desktop' {
            $bin = New-Item -ItemType Directory -Path (Join-Path $TestDrive bin) -Force
            Set-Content -LiteralPath $bin/xdg-open -Value "#!/bin/sh`necho noise; echo `"`$1`" > '$TestDrive/opened'"
            chmod +x $bin/xdg-open
            $script = "$Show; while (-not (Test-Path '$TestDrive/opened')) { }"
            $desktop = @{ DISPLAY = ':9'; PATH = "${bin}:$env:PATH" }
            $seen = Invoke-InTerminal $script -Environment $desktop -Answer ([ordered]@{ "`e[c" = "`e[?1;2c" })
            $seen -replace "`e\[\?1[hl]`e[=>]" | Should -Be "before`r`n`e[>q`e[16t`e[14t`e[cafter`r`n"
            Get-Content $TestDrive/opened | Should -Be $Fox.FullName
        }

        It 'opens no viewer for a file with another extension' {
            $bin = New-Item -ItemType Directory -Path (Join-Path $TestDrive bin2) -Force
            Set-Content -LiteralPath $bin/xdg-open -Value "#!/bin/sh`ntouch '$TestDrive/run'"
            chmod +x $bin/xdg-open
            Copy-Item -LiteralPath $Fox.FullName -Destination $TestDrive/fox.desktop
            $desktop = @{ DISPLAY = ':9'; PATH = "${bin}:$env:PATH" }
            $seen = Invoke-InTerminal "Show-NanoBananaImage '$TestDrive/fox.desktop'" -Environment $desktop -Answer (
                [ordered]@{ "`e[c" = "`e[?1;2c" })
            $seen | Should -BeLike "*$TestDrive/fox.desktop*"
            "$TestDrive/run" | Should -Not -Exist
        }

        It 'shows each image of Save-NanoBananaImage -Show before its file is emitted' {
            $script = "Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana
                'elk', 'newt' | New-NanoBananaImage -Resolution 0.5K | Save-NanoBananaImage -Destination '$TestDrive/inline' -Show |
                    ForEach-Object { `"emitted `$(`$_.Task.Prompt)`" }"
            $seen = Invoke-InTerminal $script -Answer ([ordered]@{ $Sizes[0] = $Sizes[1]; "`e[c" = "`e[?61;4;6;22c"; "`e[6n" = "`e[1;1R" })
            $order = [regex]::Matches($seen, "`eP0;1;0q`"1;1;360;360|emitted \w+").Value -replace "`e.*", 'image'
            $order[0, 2] | Should -Be 'image', 'image'
            $order[1, 3] | Sort-Object | Should -Be 'emitted elk', 'emitted newt'
        }

        It 'shows the file of New-NanoBananaImage -OutFile -Show' {
            $script = "Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana
                `$file = New-NanoBananaImage elk -Resolution 0.5K -OutFile '$TestDrive/elk.png' -Show"
            $seen = Invoke-InTerminal $script -Answer ([ordered]@{ $Sizes[0] = $Sizes[1]; "`e[c" = "`e[?61;4;6;22c"; "`e[6n" = "`e[1;1R" })
            [regex]::Matches($seen, "`eP0;1;0q`"1;1;360;360") | Should -HaveCount 1
        }
    }
}
