// The texts of a mission: what people really call themselves, and what breaks parsers.

enum Names {
    static let first = [
        "Mira", "O'Neil", "Łukasz", "Ёжик", "Jürgen", "Zoë", "Ива́н", "[T7] Kerr", "d'Artagnan",
        "Smith, John", "Wolf 🐺", "Анна", "Sören", "Δημήτρης", "山田", "Reyes", "B. \"Fox\" K.",
        "x]X[x",
        "100% legit", "back\\slash", "Nguyễn", "O\"Hara", "🎖️ Sarge", "Kowalski", "de la Cruz",
    ]
    static let roles = [
        "Team Leader@Alpha", "Rifleman", "Командир отделения@Альфа 1-1", "Medic \"Doc\"@Bravo",
        "Autorifleman@Alpha 1-1", "", "Engineer [EOD]", "Marksman's mate", "Pilot 🚁@Hotel",
    ]
    static let groups = [
        "Alpha 1-", "Bravo 2-", "Charlie 3-", "Дельта 4-", "Echo \"E\" 5-", "Foxtrot 6-",
    ]
    static let iconRoles = [
        "Man", "Officer", "Leader", "Medic", "Engineer", "ExplosiveSpecialist", "MG", "GL", "AT",
        "Sniper", "AA",
    ]
    static let sides = ["WEST", "EAST", "GUER", "CIV"]
    static let classes = [
        ("B_Soldier_F", "Rifleman"), ("B_medic_F", "Combat Life Saver"),
        ("O_Soldier_AR_F", "Autorifleman"),
        ("I_Soldier_TL_F", "Team Leader"), ("C_man_1", "Civilian"), ("B_engineer_F", "Engineer"),
    ]
    static let chat = [
        "say \"hi\" on 6", "кто ведёт?", "[Alpha] it's clear", "👍👍", "", "need ammo, medic & 7.62",
        "100 m → north", "tab\there", "two\nlines", "C:\\path\\to", "null", "don't shoot!",
    ]
    static let radios = ["AN/PRC-152", "AN/PRC-148", "Р-168 \"Акведук\"", "ACRE_PRC343"]
    static let markerTexts = [
        "", "Obj \"A\"", "Минное поле", "RV's", "LZ 🚁", "[HQ]", "kill zone, north",
    ]
    static let markerTypes = [
        "mil_dot", "mil_objective", "hd_arrow", "hd_warning", "mkk_marker_1", "Minefield",
    ]
    static let colors = ["#004C99", "#800000", "#008000", "#660080", "#E60000", "#000000"]
    static let sectors = ["Sector Alpha, north", "Сектор «Б»", "Farm [2]", "Miller's bridge"]
}

/// What a unit shoots with.
struct Weapon: Sendable {
    let name: String
    let display: String
    let magazine: String
    let magazineDisplay: String
    let ammunition: String
    let simulation: String
    let mode: String
    let icon: String

    static let rifles = [
        Weapon(
            name: "arifle_MX_F", display: "MX 6.5 mm", magazine: "30Rnd_65x39_caseless_mag",
            magazineDisplay: "6.5 mm 30Rnd", ammunition: "B_65x39_Caseless",
            simulation: "shotBullet",
            mode: "Single", icon: "\\a3\\weapons_f\\data\\ui\\m_30rnd_caseless_black_ca.paa"),
        Weapon(
            name: "rhs_weap_ak74m", display: "АК-74М \"Штурм\"", magazine: "rhs_30Rnd_545x39_AK",
            magazineDisplay: "30Rnd 5.45×39 mm", ammunition: "rhs_B_545x39_Ball",
            simulation: "shotBullet",
            mode: "FullAuto", icon: ""),
        Weapon(
            name: "srifle_DMR_01_F", display: "Rahim 7.62 mm", magazine: "10Rnd_762x54_Mag",
            magazineDisplay: "7.62 mm 10Rnd", ammunition: "B_762x54_Ball", simulation: "shotBullet",
            mode: "Single", icon: ""),
        Weapon(
            name: "GL_3GL_F", display: "3GL", magazine: "1Rnd_HE_Grenade_shell",
            magazineDisplay: "40 mm HE Grenade Round", ammunition: "G_40mm_HE",
            simulation: "shotShell",
            mode: "Single", icon: ""),
        Weapon(
            name: "Throw", display: "RGO Grenade", magazine: "HandGrenade",
            magazineDisplay: "RGO Grenade",
            ammunition: "GrenadeHand", simulation: "shotGrenade", mode: "HandGrenadeMuzzle",
            icon: ""),
    ]
    static let cannons = [
        Weapon(
            name: "HMG_127", display: "M2 .50", magazine: "500Rnd_127x99_mag_Tracer_Red",
            magazineDisplay: "500Rnd .50 Tracer (Red)", ammunition: "B_127x99_Ball_Tracer_Red",
            simulation: "shotBullet", mode: "FullAuto", icon: ""),
        Weapon(
            name: "cannon_120mm", display: "Cannon 120 mm", magazine: "30Rnd_120mm_APFSDS_shells",
            magazineDisplay: "120 mm APFSDS-T", ammunition: "Sh_120mm_APFSDS",
            simulation: "shotShell",
            mode: "player", icon: ""),
    ]
}

/// A kind of vehicle.
struct VehicleKind: Sendable {
    let icon: String
    let display: String
    let className: String
    let speed: Double
    let seats: Int

    static let all = [
        VehicleKind(icon: "car", display: "Hunter", className: "B_MRAP_01_F", speed: 18, seats: 4),
        VehicleKind(
            icon: "truck", display: "HEMTT \"Box\"", className: "B_Truck_01_box_F", speed: 14,
            seats: 8),
        VehicleKind(
            icon: "apc", display: "БТР-82А", className: "rhs_btr82a_vdv", speed: 12, seats: 8),
        VehicleKind(
            icon: "tank", display: "M2A1 Slammer", className: "B_MBT_01_cannon_F", speed: 10,
            seats: 3),
        VehicleKind(
            icon: "heli", display: "UH-80 Ghost Hawk", className: "B_Heli_Transport_01_F",
            speed: 55, seats: 8),
        VehicleKind(
            icon: "plane", display: "A-164 Wipeout", className: "B_Plane_CAS_01_F", speed: 120,
            seats: 1),
        VehicleKind(
            icon: "sea", display: "Speedboat 'HMG'", className: "B_Boat_Armed_01_minigun_F",
            speed: 15, seats: 4),
        VehicleKind(
            icon: "static-weapon", display: "[ACE] ZU-23-2", className: "ace_ZU_23_2", speed: 0,
            seats: 1),
    ]
}
