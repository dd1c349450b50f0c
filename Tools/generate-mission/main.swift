// generate-mission: writes a mission with a seed as a stream of calls (docs/formats/stream.md).

let settings = Settings(arguments: CommandLine.arguments)
let output = settings.path.map { Output(path: $0) } ?? Output.standard
var mission = MissionScript(settings: settings, output: output)
mission.play()
if let path = settings.summaryPath {
    Output(path: path).write(Array(mission.summary.utf8))
}
