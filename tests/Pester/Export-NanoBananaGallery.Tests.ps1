Describe 'Export-NanoBananaGallery' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        $script:Journal = Use-TestJournal
        $script:Emulator = Connect-TestEmulator
        $script:Command = 'NanoBanana.Commands.ExportNanoBananaGalleryCommand'
        'fox', 'owl <b>at</b> dusk', 'elk [fail:5001095]' | New-NanoBananaImage -Batch zoo -Resolution 0.5K |
            Save-NanoBananaImage -Destination $TestDrive/zoo -ErrorAction SilentlyContinue | Out-Null
    }
    BeforeEach {
        $script:Page = Join-Path $TestDrive "$([guid]::NewGuid()).html"
    }
    AfterAll {
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
        Clear-TestJournal $Journal
    }

    It 'shows saved images at the end of a pipeline, and emits the page' {
        $file = 'one', 'two' | New-NanoBananaImage -Resolution 0.5K | Save-NanoBananaImage -Destination $TestDrive/saved |
            Export-NanoBananaGallery $Page
        $file | Should -BeOfType ([System.IO.FileInfo])
        $file.FullName | Should -Be $Page
        [regex]::Matches((Get-Content $Page -Raw), '<img alt="(one|two)" width="512" height="512" [^>]* src="saved/[^"]+\.png">') | Should -HaveCount 2
    }

    It 'shows a batch with what failed, in the order of its input' {
        Export-NanoBananaGallery $Page -Batch zoo
        $html = Get-Content $Page -Raw
        [regex]::Matches($html, '<h2 dir="auto">([^<]*)</h2>') | ForEach-Object { $_.Groups[1].Value } |
            Should -Be 'fox', 'owl &lt;b&gt;at&lt;/b&gt; dusk', 'elk [fail:5001095]'
        $html | Should -BeLike '*<h1>zoo</h1>*'
        $html | Should -BeLike '*<p class="reason" dir="auto">005001095*'
    }

    It 'takes tasks, batches and files from Get-ChildItem' {
        $expected = (Get-ChildItem $TestDrive/zoo/*.png).Count
        foreach ($source in { Get-NanoBananaTask -Batch zoo -Status Completed }, { Get-NanoBananaBatch zoo }, { Get-ChildItem $TestDrive/zoo/*.png }) {
            & $source | Export-NanoBananaGallery $Page -Force | Out-Null
            [regex]::Matches((Get-Content $Page -Raw), '<img ') | Should -HaveCount $expected
            Get-Content $Page -Raw | Should -BeLike '*<h2 dir="auto">fox</h2>*'
        }
    }

    It 'puts the images into the page with -Embed' {
        Get-ChildItem $TestDrive/zoo/*.png | Export-NanoBananaGallery $Page -Embed -Title 'To send'
        $html = Get-Content $Page -Raw
        $bytes = [System.IO.File]::ReadAllBytes((Get-ChildItem $TestDrive/zoo/fox*.png).FullName)
        $html.Contains("data:image/png;base64,$([convert]::ToBase64String($bytes))") | Should -BeTrue
        $html | Should -BeLike '*<title>To send</title>*'
    }

    It 'keeps a page that exists without -Force' {
        Set-Content $Page 'mine'
        { Export-NanoBananaGallery $Page -Batch zoo } | Should -Throw -ErrorId "FileExists,$Command"
        Get-Content $Page | Should -Be 'mine'
        Export-NanoBananaGallery $Page -Batch zoo -Force
        Get-Content $Page -Raw | Should -Not -BeLike 'mine*'
    }

    It 'adds .html to a name without an extension, and takes no other' {
        (Export-NanoBananaGallery ($Page -replace '\.html$') -Batch zoo).FullName | Should -Be $Page
        { Export-NanoBananaGallery "$Page.png" -Batch zoo } | Should -Throw -ErrorId "InvalidRequest,$Command"
    }

    It 'resolves paths of PowerShell''s own drives' {
        (Export-NanoBananaGallery TestDrive:/new/folder/zoo.html -Batch zoo).FullName | Should -Be ([System.IO.Path]::GetFullPath("$TestDrive/new/folder/zoo.html"))
    }

    It 'refuses what is no image, and goes on' {
        'text', (Get-NanoBananaTask -Batch zoo -Status Completed -First 1) | Export-NanoBananaGallery $Page -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.FullyQualifiedErrorId | Should -Be "InvalidRequest,$Command"
        [regex]::Matches((Get-Content $Page -Raw), '<img ') | Should -HaveCount 1
    }

    It 'says so when there is no such batch' {
        { Export-NanoBananaGallery $Page -Batch nowhere } | Should -Throw -ErrorId "TaskNotFound,$Command"
        Test-Path $Page | Should -BeFalse
    }

    It 'completes the names of batches' {
        [System.Management.Automation.CommandCompletion]::CompleteInput('Export-NanoBananaGallery x -Batch z', 35, $null).CompletionMatches.CompletionText |
            Should -Contain 'zoo'
    }

    It 'writes nothing with -WhatIf' {
        Get-HostText { Export-NanoBananaGallery $Page -Batch zoo -WhatIf } | Should -BeLike "*Write the gallery*$Page*"
        Test-Path $Page | Should -BeFalse
    }

    It 'makes no journal for a preview' {
        $env:NANOBANANA_JOURNAL = "$TestDrive/preview.db"
        try {
            Get-ChildItem $TestDrive/zoo/*.png | Export-NanoBananaGallery $Page -WhatIf
            { Export-NanoBananaGallery $Page -Batch zoo -WhatIf } | Should -Throw -ErrorId "TaskNotFound,$Command"
        }
        finally {
            $env:NANOBANANA_JOURNAL = $Journal
        }
        Get-ChildItem $TestDrive -Filter 'preview.db*' | Should -BeNullOrEmpty
    }

    It 'leaves nothing half behind when the pipeline is ended' {
        { Get-ChildItem $TestDrive/zoo/*.png | ForEach-Object { $_; throw 'enough' } | Export-NanoBananaGallery $TestDrive/half/page.html } | Should -Throw 'enough'
        Get-ChildItem $TestDrive/half -Force | Should -BeNullOrEmpty
    }

    It 'needs no connection' {
        (Invoke-Unattended 'Export-NanoBananaGallery -Path $page -Batch zoo' @{ page = $Page }).Errors | Should -BeNullOrEmpty
        Test-Path $Page | Should -BeTrue
    }
}
