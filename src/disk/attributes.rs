//! File metadata that a replacement must keep: owner and group, permissions and access control lists, extended
//! attributes. Times are set by the caller, which knows whether the content changed.

use std::fs::File;
use std::io;

use crate::value::string_enum::words;

/// An attribute that the system did not allow to be set on the new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LostAttribute {
    Owner,
    Group,
    AccessList,
    ExtendedAttributes,
}

words!(LostAttribute: Owner = "owner", Group = "group", AccessList = "access list", ExtendedAttributes = "extended attributes");

/// The message about lost attributes.
pub fn lost_words(lost: &[LostAttribute]) -> Option<String> {
    let lost: Vec<&str> = lost.iter().map(|lost| lost.word()).collect();
    (!lost.is_empty())
        .then(|| format!("the system does not let some files keep: {}", lost.join(", ")))
}

/// Copies the attributes of `from` to `to`; returns those that could not be copied, each once.
///
/// # Errors
/// The permissions cannot be set, which the owner of the file is always allowed to do.
pub fn copy(from: &File, to: &File) -> io::Result<Vec<LostAttribute>> {
    let meta = from.metadata()?;
    // The owner is set first, because changing it clears permission bits; access control lists are set after
    // the permissions, which are part of them.
    let mut lost = copy_owner(&meta, to)?;
    to.set_permissions(meta.permissions())?;
    lost.extend(extended::copy(from, to));
    lost.sort_unstable();
    lost.dedup();
    Ok(lost)
}

/// Until a new file has the permissions of its original, only its owner may read it.
#[cfg(unix)]
pub fn close_to_others(file: &File) -> io::Result<()> {
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))
}

#[cfg(not(unix))]
pub fn close_to_others(_: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn copy_owner(from: &std::fs::Metadata, to: &File) -> io::Result<Vec<LostAttribute>> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let new = to.metadata()?;
    let (owner, group) = (from.uid() != new.uid(), from.gid() != new.gid());
    // Giving a file away usually needs root, but most users may give it to one of their groups.
    let group_kept = !group || fchown(to, None, Some(from.gid())).is_ok();
    let owner_kept = !owner || fchown(to, Some(from.uid()), None).is_ok();
    let lost = [(owner_kept, LostAttribute::Owner), (group_kept, LostAttribute::Group)];
    Ok(lost.into_iter().filter(|(kept, _)| !kept).map(|(_, what)| what).collect())
}

#[cfg(not(unix))]
fn copy_owner(_: &std::fs::Metadata, _: &File) -> io::Result<Vec<LostAttribute>> {
    Ok(Vec::new())
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
mod extended {
    use std::ffi::{CStr, CString};
    use std::fs::File;

    use rustix::fs::{
        XattrFlags, fgetxattr, fgetxattr_query, flistxattr, flistxattr_query, fremovexattr,
        fsetxattr,
    };
    use rustix::io::{Errno, Result};

    use super::LostAttribute;

    /// Where Linux stores a file's access control list; the new file may have inherited one from the folder.
    const ACCESS_LIST: &CStr = c"system.posix_acl_access";

    /// These certify the old bytes, and would be wrong for the new ones.
    const OF_THE_BYTES: [&str; 2] = ["security.ima", "security.evm"];

    pub fn copy(from: &File, to: &File) -> Vec<LostAttribute> {
        let names = match names(from) {
            Ok(names) => names,
            Err(Errno::NOTSUP | Errno::NOSYS) => return Vec::new(),
            Err(_) => return vec![LostAttribute::ExtendedAttributes],
        };
        let mut lost = Vec::new();
        if !names.iter().any(|name| name.as_c_str() == ACCESS_LIST) {
            let removed = fremovexattr(to, ACCESS_LIST);
            if !matches!(removed, Ok(()) | Err(Errno::NODATA | Errno::NOTSUP | Errno::INVAL)) {
                lost.push(LostAttribute::AccessList);
            }
        }
        for name in &names {
            if copy_one(from, to, name).is_err() {
                lost.extend(what_is_lost(name));
            }
        }
        lost
    }

    fn names(file: &File) -> Result<Vec<CString>> {
        let mut list = vec![0; flistxattr_query(file)?];
        let len = if list.is_empty() { 0 } else { flistxattr(file, &mut list[..])? };
        let names = list[..len].split(|&byte| byte == 0).filter(|name| !name.is_empty());
        Ok(names
            .filter_map(|name| CString::new(name).ok())
            .filter(|name| is_copied(name))
            .collect())
    }

    fn is_copied(name: &CStr) -> bool {
        !OF_THE_BYTES.iter().any(|other| other.as_bytes() == name.to_bytes())
    }

    fn copy_one(from: &File, to: &File, name: &CStr) -> Result<()> {
        let mut value = vec![0; fgetxattr_query(from, name)?];
        let len = if value.is_empty() { 0 } else { fgetxattr(from, name, &mut value[..])? };
        fsetxattr(to, name, &value[..len], XattrFlags::empty())
    }

    /// The loss to report, if any. Attributes of the system and its administrator are not for this tool to set,
    /// so their loss is not reported.
    fn what_is_lost(name: &CStr) -> Option<LostAttribute> {
        let name = name.to_bytes();
        match name.starts_with(b"security.") || name.starts_with(b"trusted.") {
            true => None,
            false if name.starts_with(b"system.") => Some(LostAttribute::AccessList),
            false => Some(LostAttribute::ExtendedAttributes),
        }
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
mod extended {
    pub fn copy(_: &std::fs::File, _: &std::fs::File) -> Vec<super::LostAttribute> {
        Vec::new()
    }
}
