//! The program `recurra`: the commands of the library on the models of the zoo.

use std::process::ExitCode;

use recurra_zoo::Registry;

fn main() -> ExitCode {
    recurra::main(&Registry::builtin())
}
