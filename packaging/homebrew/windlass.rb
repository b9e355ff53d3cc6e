# The cask for a tap. Version and checksum are set at each release: docs/release.md.
cask "windlass" do
  version "0.1.0"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"

  url "https://github.com/windlassapp/windlass/releases/download/v#{version}/Windlass_#{version}_universal.dmg"
  name "Windlass"
  desc "Upload large files to S3, resuming after interruptions"
  homepage "https://github.com/windlassapp/windlass"

  livecheck do
    url :url
    strategy :github_latest
  end

  depends_on macos: ">= :big_sur"

  app "Windlass.app"
  binary "#{appdir}/Windlass.app/Contents/MacOS/windlass-cli"

  zap trash: [
    "~/Library/Application Support/io.github.windlassapp.Windlass",
    "~/Library/Caches/io.github.windlassapp.Windlass",
    "~/Library/Logs/io.github.windlassapp.Windlass",
    "~/Library/WebKit/io.github.windlassapp.Windlass",
  ]
end
