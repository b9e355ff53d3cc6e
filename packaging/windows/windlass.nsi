; The installer for Windows, made by `cargo xtask package windows` with NSIS 3.08 or newer. It installs for the user who starts
; it, without the rights of an administrator.
;
;   windlass-setup.exe /S [/PATH] [/D=FOLDER]    installs without a window; /PATH adds the terminal program to the user's PATH,
;                                                /D comes last and takes no quotes
;   uninstall.exe /S                             removes it without a window; uploads, settings and keys stay
;
; Exit codes: 0 done, 1 cancelled, 2 not done (Windlass is running, or Windows is too old).
;
; Defined on the command line: VERSION (0.1.0), STAGE (the folder with the files), OUT, IDENTIFIER, PUBLISHER, HOMEPAGE,
; ICON; QUICK, for tests, to compress less.

Unicode true
Target amd64-unicode
ManifestDPIAware true
ManifestSupportedOS Win10
RequestExecutionLevel user
!ifdef QUICK
  SetCompressor zlib
!else
  SetCompressor /SOLID lzma
!endif

!include MUI2.nsh
!include LogicLib.nsh
!include FileFunc.nsh
!include WinVer.nsh
!include Sections.nsh

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${IDENTIFIER}"
; names the program to Windows, which shows no notification of one that it does not know
!define NOTIFIES "Software\Classes\AppUserModelId\${IDENTIFIER}"
!define WEBVIEW "Software\Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}"

Name "Windlass"
OutFile "${OUT}"
BrandingText "Windlass ${VERSION}"
InstallDir "$LOCALAPPDATA\Programs\Windlass"
; an update goes where the last one went
InstallDirRegKey HKCU "${UNINSTALL}" "InstallLocation"

VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "Windlass"
VIAddVersionKey FileDescription "Windlass Setup"
VIAddVersionKey CompanyName "${PUBLISHER}"
VIAddVersionKey LegalCopyright "${PUBLISHER}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey ProductVersion "${VERSION}"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_COMPONENTSPAGE_SMALLDESC
!define MUI_FINISHPAGE_RUN "$INSTDIR\windlass.exe"
!define MUI_FINISHPAGE_NOREBOOTSUPPORT

!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_LICENSE "${STAGE}\LICENSE.txt"
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES

!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "German"

LangString AppTitle ${LANG_ENGLISH} "Windlass"
LangString AppTitle ${LANG_GERMAN} "Windlass"
LangString AppText ${LANG_ENGLISH} "The app, the terminal program windlass-cli, and the documentation."
LangString AppText ${LANG_GERMAN} "Die App, das Terminalprogramm windlass-cli und die Dokumentation."
LangString PathTitle ${LANG_ENGLISH} "windlass-cli in PATH"
LangString PathTitle ${LANG_GERMAN} "windlass-cli im PATH"
LangString PathText ${LANG_ENGLISH} "Run windlass-cli in any terminal without its folder."
LangString PathText ${LANG_GERMAN} "windlass-cli in jedem Terminal ohne Ordnerangabe starten."
LangString Running ${LANG_ENGLISH} "Windlass is running. Quit it, also in the notification area, then try again."
LangString Running ${LANG_GERMAN} "Windlass läuft. Das Programm beenden, auch im Infobereich, dann erneut versuchen."
LangString TooOld ${LANG_ENGLISH} "Windlass needs Windows 10 or newer."
LangString TooOld ${LANG_GERMAN} "Windlass benötigt Windows 10 oder neuer."
LangString NoWebView ${LANG_ENGLISH} "The window needs Microsoft's WebView2 Runtime, which was not found on this computer. Open its download page?"
LangString NoWebView ${LANG_GERMAN} "Das Fenster benötigt die WebView2-Runtime von Microsoft, die auf diesem Computer nicht gefunden wurde. Die Downloadseite öffnen?"
LangString DataStays ${LANG_ENGLISH} "Uploads, settings and stored keys stay on this computer:"
LangString DataStays ${LANG_GERMAN} "Uploads, Einstellungen und gespeicherte Schlüssel bleiben auf diesem Computer:"

; Ends the installer or uninstaller while one of the programs is running: its file cannot be written.
!macro MUST_BE_CLOSED PROGRAM
  ${If} ${FileExists} "$INSTDIR\${PROGRAM}"
    ${Do}
      ClearErrors
      FileOpen $0 "$INSTDIR\${PROGRAM}" a
      ${IfNot} ${Errors}
        FileClose $0
        ${ExitDo}
      ${EndIf}
      ${If} ${Cmd} `MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(Running)" /SD IDCANCEL IDCANCEL`
        SetErrorLevel 2
        Quit
      ${EndIf}
    ${Loop}
  ${EndIf}
!macroend

; ---- the user's PATH, of any length: a string of NSIS ends after 1,024 characters, and a longer PATH would be cut off

; HKEY_CURRENT_USER, as Windows' own functions want it
!define USER -2147483647
; REG_EXPAND_SZ
!define EXPANDED 2

; $R0: memory with the PATH and room for one more folder. $R1: its size in bytes, with the zero at its end. $R2: its type.
!macro READ_PATH
  StrCpy $R1 0
  StrCpy $R2 ${EXPANDED}
  ; RRF_RT_REG_SZ, RRF_RT_REG_EXPAND_SZ and RRF_NOEXPAND
  System::Call 'advapi32::RegGetValueW(p ${USER}, w "Environment", w "Path", i 0x10000006, *i .R2, p 0, *i .R1) i .R3'
  ${If} $R3 <> 0
    StrCpy $R1 0
    StrCpy $R2 ${EXPANDED}
  ${EndIf}
  IntOp $R4 $R1 + 4096
  System::Alloc $R4
  Pop $R0
  ${If} $R1 > 0
    System::Call 'advapi32::RegGetValueW(p ${USER}, w "Environment", w "Path", i 0x10000006, *i .R2, p R0, *i R4R1) i .R3'
  ${EndIf}
!macroend

; $R5: the place of $INSTDIR in it as a whole entry, or 0. $R6: the place behind it. $R7: the character there.
!macro FIND_IN_PATH
  StrLen $R8 $INSTDIR
  IntOp $R8 $R8 * 2
  StrCpy $R5 $R0
  ${Do}
    System::Call 'shlwapi::StrStrIW(p R5, w "$INSTDIR") p .R5'
    ${If} $R5 P= 0
      ${ExitDo}
    ${EndIf}
    IntPtrOp $R6 $R5 + $R8
    System::Call '*$R6(&i2 .R7)'
    ; a semicolon before it
    StrCpy $R9 59
    ${If} $R5 P<> $R0
      IntPtrOp $R9 $R5 - 2
      System::Call '*$R9(&i2 .R9)'
    ${EndIf}
    ${If} $R9 = 59
      ${If} $R7 = 0
      ${OrIf} $R7 = 59
        ${ExitDo}
      ${EndIf}
    ${EndIf}
    StrCpy $R5 $R6
  ${Loop}
!macroend

!macro WRITE_PATH
  System::Call 'kernel32::lstrlenW(p R0) i .R1'
  ${If} $R1 = 0
    DeleteRegValue HKCU "Environment" "Path"
  ${Else}
    IntOp $R1 $R1 + 1
    IntOp $R1 $R1 * 2
    System::Call 'advapi32::RegSetKeyValueW(p ${USER}, w "Environment", w "Path", i R2, p R0, i R1) i .R3'
  ${EndIf}
  SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=5000
!macroend

; ---- install

Section "$(AppTitle)" SecApp
  SectionIn RO
  !insertmacro MUST_BE_CLOSED "windlass.exe"
  !insertmacro MUST_BE_CLOSED "windlass-cli.exe"
  SetOutPath "$INSTDIR"
  File "${STAGE}\windlass.exe"
  File "${STAGE}\windlass-cli.exe"
  File /nonfatal "${STAGE}\WebView2Loader.dll"
  File "${STAGE}\LICENSE.txt"
  File "${STAGE}\README.md"
  File "${STAGE}\CHANGELOG.md"
  SetOutPath "$INSTDIR\docs"
  File "${STAGE}\docs\*.*"
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\Windlass.lnk" "$INSTDIR\windlass.exe"

  WriteRegStr HKCU "${NOTIFIES}" "DisplayName" "Windlass"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "Windlass"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\windlass.exe"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "${PUBLISHER}"
  WriteRegStr HKCU "${UNINSTALL}" "URLInfoAbout" "${HOMEPAGE}"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" $0
SectionEnd

Section /o "$(PathTitle)" SecPath
  !insertmacro READ_PATH
  !insertmacro FIND_IN_PATH
  ${If} $R5 P= 0
    System::Call 'kernel32::lstrlenW(p R0) i .R5'
    ${If} $R5 > 0
      IntOp $R5 $R5 - 1
      IntOp $R5 $R5 * 2
      IntPtrOp $R5 $R0 + $R5
      System::Call '*$R5(&i2 .R7)'
      ${If} $R7 <> 59
        System::Call 'kernel32::lstrcatW(p R0, w ";")'
      ${EndIf}
    ${EndIf}
    System::Call 'kernel32::lstrcatW(p R0, w "$INSTDIR")'
    !insertmacro WRITE_PATH
  ${EndIf}
  System::Free $R0
SectionEnd

!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${SecApp} "$(AppText)"
  !insertmacro MUI_DESCRIPTION_TEXT ${SecPath} "$(PathText)"
!insertmacro MUI_FUNCTION_DESCRIPTION_END

Function .onInit
  ${IfNot} ${AtLeastWin10}
    MessageBox MB_OK|MB_ICONSTOP "$(TooOld)" /SD IDOK
    SetErrorLevel 2
    Quit
  ${EndIf}
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/PATH" $1
  ${IfNot} ${Errors}
    !insertmacro SelectSection ${SecPath}
  ${EndIf}
FunctionEnd

Function .onInstSuccess
  ; per machine, then per user
  SetRegView 32
  ReadRegStr $0 HKLM "${WEBVIEW}" "pv"
  SetRegView 64
  ${If} $0 == ""
    ReadRegStr $0 HKCU "${WEBVIEW}" "pv"
  ${EndIf}
  ${If} $0 == ""
    ${If} ${Cmd} `MessageBox MB_YESNO|MB_ICONQUESTION "$(NoWebView)" /SD IDNO IDYES`
      ExecShell "open" "https://developer.microsoft.com/microsoft-edge/webview2/#download"
    ${EndIf}
  ${EndIf}
FunctionEnd

; ---- uninstall

Section Uninstall
  !insertmacro MUST_BE_CLOSED "windlass.exe"
  !insertmacro MUST_BE_CLOSED "windlass-cli.exe"
  !insertmacro READ_PATH
  !insertmacro FIND_IN_PATH
  ${If} $R5 P<> 0
    ${If} $R7 = 59
      IntPtrOp $R6 $R6 + 2
    ${ElseIf} $R5 P<> $R0
      IntPtrOp $R5 $R5 - 2
    ${EndIf}
    IntPtrOp $R7 $R0 + $R1
    IntPtrOp $R7 $R7 - $R6
    System::Call 'kernel32::RtlMoveMemory(p R5, p R6, p R7)'
    !insertmacro WRITE_PATH
  ${EndIf}
  System::Free $R0

  ; by name: the folder may be one that the user has other files in
  Delete "$INSTDIR\windlass.exe"
  Delete "$INSTDIR\windlass-cli.exe"
  Delete "$INSTDIR\WebView2Loader.dll"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\README.md"
  Delete "$INSTDIR\CHANGELOG.md"
  Delete "$INSTDIR\docs\*.*"
  RMDir "$INSTDIR\docs"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\Windlass.lnk"
  DeleteRegKey HKCU "${NOTIFIES}"
  DeleteRegKey HKCU "${UNINSTALL}"
  DetailPrint "$(DataStays)"
  DetailPrint "$APPDATA\${IDENTIFIER}"
SectionEnd
